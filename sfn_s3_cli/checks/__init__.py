"""The checks of `sfnctl validate`, offline and by AWS, and its report."""
