"""The panel's call sample: frozen before a seed exists, drawn by dice, verified by anybody."""
