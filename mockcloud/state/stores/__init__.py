"""Where tasks are kept, behind one small protocol."""
