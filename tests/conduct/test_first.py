from conduct.clients import Creating, Getting


class TestCreating(Creating): ...


class TestGetting(Getting): ...
