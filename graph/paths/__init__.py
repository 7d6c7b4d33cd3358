"""Ways between members: the strongest, further ones, how many are independent, and how they are told."""
