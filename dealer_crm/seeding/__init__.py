"""Made-up stores, customers and months of any size: realistic, deterministic, loaded in bulk.

Wiring level: it knows every app. `people` names them, `floor` furnishes the workshop, `bulk` writes rows fast, `months`
makes history, `today` sets the scene of a working day through the same actions the pages use.
"""
