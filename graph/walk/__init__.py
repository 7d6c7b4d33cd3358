"""Walks over the edges: scores by forward push, seeded reputation, certification."""
