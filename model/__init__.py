"""The vocabulary: frozen types, the registry of kinds and families, errors. Imports nothing of ours."""
