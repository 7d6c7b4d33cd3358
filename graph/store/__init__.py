"""The edges of a graph in memory and on disk: ids, weights, adjacency, ties, blocks and reports."""
