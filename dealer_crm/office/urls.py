from dealer_crm.access.permissions import Permission
from dealer_crm.access.routes import page
from dealer_crm.office.views import calendar, figures, journal, people, stores

app_name = "office"

urlpatterns = [
    page("staff/", people.staff, Permission.STAFF_VIEW, name="staff"),
    page("staff/new/", people.staff_new, Permission.STAFF_CHANGE, name="staff_new"),
    page("staff/<int:pk>/", people.person, Permission.STAFF_VIEW, name="person"),
    page("staff/<int:pk>/change/", people.person_change, Permission.STAFF_CHANGE, name="person_change"),
    page("staff/<int:pk>/position/", people.position_new, Permission.STAFF_CHANGE, name="position_new"),
    page("staff/<int:pk>/roles/", people.roles, Permission.STAFF_CHANGE, name="roles"),
    page("staff/<int:pk>/leave/", people.leave, Permission.STAFF_CHANGE, name="leave"),
    page("staff/<int:pk>/return/", people.come_back, Permission.STAFF_CHANGE, name="come_back"),
    page("staff/<int:pk>/password/", people.password_reset, Permission.STAFF_CHANGE, name="password_reset"),
    page(
        "staff/<int:pk>/second-factor/",
        people.second_factor_forget,
        Permission.STAFF_CHANGE,
        name="second_factor_forget",
    ),
    page("stores/", stores.stores, Permission.STAFF_VIEW, name="stores"),
    page("stores/new/", stores.store_new, Permission.STORE_CHANGE, name="store_new"),
    page("stores/<int:pk>/", stores.store_change, Permission.STORE_CHANGE, name="store_change"),
    page("stores/<int:pk>/teams/new/", stores.team_new, Permission.STORE_CHANGE, name="team_new"),
    page("teams/<int:pk>/", stores.team_change, Permission.STORE_CHANGE, name="team_change"),
    page("figures/", figures.figures, Permission.FIGURE_VIEW, name="figures"),
    page("figures/<str:code>/", figures.figure, Permission.FIGURE_VIEW, name="figure"),
    page("figures/<str:code>/change/", figures.figure_change, Permission.FIGURE_CHANGE, name="figure_change"),
    page("calendar/", calendar.calendar, Permission.CALENDAR_VIEW, name="calendar"),
    page("calendar/<int:year>/load/", calendar.calendar_load, Permission.CALENDAR_CHANGE, name="calendar_load"),
    page(
        "calendar/<int:year>/<int:month>/<int:day>/",
        calendar.calendar_day,
        Permission.CALENDAR_CHANGE,
        name="calendar_day",
    ),
    page(
        "calendar/<int:year>/<int:month>/<int:day>/clear/",
        calendar.calendar_day_clear,
        Permission.CALENDAR_CHANGE,
        name="calendar_day_clear",
    ),
    page("journal/", journal.journal, Permission.JOURNAL_VIEW, name="journal"),
]
