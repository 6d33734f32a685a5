"""The reception over HTTP. One module for each noun, each with its `routes`; all meet here.

Source: spec `interfaces.md` (HTTP API).
"""

from reception.api import agreements, appointments, customers, money, orders, parts, suggestions, vehicles

routes = [
    *customers.routes,
    *vehicles.routes,
    *agreements.routes,
    *appointments.routes,
    *orders.routes,
    *parts.routes,
    *suggestions.routes,
    *money.routes,
]
