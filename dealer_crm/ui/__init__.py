"""The face of the program: components, form markup, navigation by permission, search, what needs me now."""
