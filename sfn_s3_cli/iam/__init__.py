"""ARNs, names, ownership tags and policies. Pure: nothing here calls AWS."""
