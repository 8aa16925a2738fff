"""The Amazon States Language itself: read, walk, paths, intrinsic functions, JSONata."""
