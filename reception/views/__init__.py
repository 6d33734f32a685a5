"""The pages of the reception. One module for each desk; `urls.py` names every page with its permission."""
