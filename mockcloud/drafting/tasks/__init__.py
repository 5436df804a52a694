"""What becomes of tasks: the ways through a state table (`paths`), what somebody else does to a task (`others`), and a cloud on
which a task goes such a way (`stage`).
"""
