"""The screens: draw, call a service, draw again."""
