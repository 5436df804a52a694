"""What operations do: one function for each effect that data can declare.

`bind` makes of an effect's data and a provider's state the function that has it. `selection.py` holds what lists share.
"""
