"""The pages of satisfaction."""
