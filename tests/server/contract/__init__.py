"""The contract suite once more, each of its tests through the live server."""
