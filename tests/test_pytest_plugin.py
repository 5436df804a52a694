"""The plugin in other people's suites: idle it costs nothing, asked it gives a cloud."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[1]
PLUGIN = ("-p", "mockcloud.pytest_plugin", "-p", "no:cacheprovider")


@pytest.fixture
def suite(pytester, monkeypatch):
    """Runs a test file in a pytest of its own."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    # Whether mockcloud is installed here (then its entry point loads the plugin) must make no difference.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def run(source: str, *arguments: str) -> pytest.RunResult:
        pytester.makepyfile(source)
        return pytester.runpytest_subprocess(*PLUGIN, *arguments)

    return run


def test_the_idle_plugin_imports_nothing_but_itself_and_its_package(tmp_path):
    (tmp_path / "test_idle.py").write_text(
        "import sys\n"
        "def test_idle():\n"
        "    ours = {name for name in sys.modules if name.partition('.')[0] == 'mockcloud'}\n"
        "    assert ours == {'mockcloud', 'mockcloud.pytest_plugin'}\n"
        "    heavy = {'httpx', 'respx', 'requests', 'werkzeug', 'hypothesis', 'jsonschema', 'xmlschema', 'click'}\n"
        "    assert not heavy & set(sys.modules)\n"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-q", *PLUGIN, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stdout


def test_the_fixture_intercepts_during_the_test_and_not_after(suite):
    result = suite(
        """
        import requests, httpx
        import requests.adapters

        before = requests.adapters.HTTPAdapter.send

        def test_inside(mockcloud):
            host = mockcloud._sketches["ucloud"].hosts[0]["example"]
            assert requests.get(f"https://{host}/?Action=DescribeMediaTask").json()["RetCode"] != 0
            assert httpx.get(f"https://{host}/?Action=DescribeMediaTask").json()["RetCode"] != 0
            assert len(mockcloud.journal) == 2

        def test_after():
            assert requests.adapters.HTTPAdapter.send is before
        """
    )
    result.assert_outcomes(passed=2)


def test_every_test_gets_a_fresh_cloud(suite):
    result = suite(
        """
        kept = []

        def test_one(mockcloud):
            kept.append(mockcloud)

        def test_two(mockcloud):
            assert mockcloud is not kept[0]
        """
    )
    result.assert_outcomes(passed=2)


def test_the_server_fixture_serves_the_same_cloud_on_a_free_port(suite):
    result = suite(
        """
        import requests

        def test_server_alone(mockcloud_server):
            assert requests.get(mockcloud_server.url + "/?Action=DescribeMediaTask").status_code < 500
            assert len(mockcloud_server.cloud.journal) == 1

        def test_both(mockcloud, mockcloud_server):
            assert mockcloud_server.cloud is mockcloud
            assert requests.get(mockcloud_server.url + "/?Action=DescribeMediaTask").status_code < 500
            assert len(mockcloud.journal) == 1
        """
    )
    result.assert_outcomes(passed=2)


def test_the_closest_markers_keywords_make_the_cloud(suite):
    result = suite(
        """
        import pytest

        pytestmark = pytest.mark.mockcloud(providers=["ucloud"])

        def test_module(mockcloud, mockcloud_server):
            assert list(mockcloud._sketches) == ["ucloud"]

        @pytest.mark.mockcloud(providers=["pontus"], seed=3, clock="virtual:5")
        def test_function(mockcloud):
            assert list(mockcloud._sketches) == ["pontus"]
            before = mockcloud.clock.now()
            assert mockcloud.clock.tick() == before + 5

        @pytest.mark.mockcloud(allow=["allowed.invalid"])
        def test_allow(mockcloud):
            import requests
            with pytest.raises(requests.ConnectionError):
                requests.get("http://allowed.invalid/")
        """,
        "--strict-markers",
    )
    result.assert_outcomes(passed=3)


@pytest.mark.parametrize(
    ("marker", "said"),
    [
        ("provider=['ucloud']", "*does not know 'provider'. Did you mean 'providers'?*"),
        ("'ucloud'", "*takes keywords only, found 'ucloud'*"),
        ("providers=['uclod']", "*Did you mean 'ucloud'?*"),
        ("settings={'jdcloud': {'result_shap': 'flat'}}", "*jdcloud has no setting 'result_shap'. Did you mean 'result_shape'?*"),
    ],
)
def test_a_wrong_marker_is_an_error_of_one_line_that_names_the_nearest(suite, marker, said):
    result = suite(f"import pytest\n@pytest.mark.mockcloud({marker})\ndef test_it(mockcloud): pass\n")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["@pytest.mark.mockcloud of test_it: " + said])
    assert "mockcloud/pytest_plugin.py" not in result.stdout.str()


def test_a_markers_keywords_are_kept_where_a_closer_one_does_not_have_them(suite):
    result = suite(
        """
        import pytest

        pytestmark = pytest.mark.mockcloud(auth="off", seed=1)

        @pytest.mark.mockcloud(providers=["ucloud", "pontus"])
        class TestIt:
            @pytest.mark.mockcloud(seed=3)
            def test_it(self, mockcloud):
                assert (mockcloud._strict, mockcloud._seed, list(mockcloud._sketches)) == (False, 3, ["ucloud", "pontus"])
        """
    )
    result.assert_outcomes(passed=1)


def test_the_marker_and_the_fixtures_are_described(suite):
    suite("", "--markers").stdout.fnmatch_lines(["@pytest.mark.mockcloud(providers=None, *, allow=()): what the fixtures*"])
    found = suite("def test_it(): pass", "--fixtures").stdout
    found.fnmatch_lines(["mockcloud -- *", "*A fresh Cloud that answers*", "mockcloud_server -- *", "*A fresh Cloud on a free*"])


def test_under_xdist_every_worker_has_its_own_server(suite):
    pytest.importorskip("xdist")
    result = suite(
        """
        import pytest, requests

        @pytest.mark.parametrize("number", range(8))
        def test_it(mockcloud_server, number):
            requests.get(mockcloud_server.url + "/?Action=DescribeMediaTask")
            assert len(mockcloud_server.cloud.journal) == 1
        """,
        *("-p", "xdist", "-n", "2"),
    )
    result.assert_outcomes(passed=8)


JOURNAL = """
    import pytest, requests

    @pytest.mark.parametrize("number", range({number}))
    def test_it(mockcloud, number):
        requests.get(f"https://{{mockcloud._sketches['ucloud'].hosts[0]['example']}}/?Action=DescribeMediaTask&of={{number}}")

    def test_served(mockcloud_server):
        requests.get(mockcloud_server.url + "/?Action=DescribeMediaTask&of=served")
"""


def asked(path: Path) -> list[str]:
    """The targets of a journal's requests, each line of which is whole."""
    return sorted(json.loads(line)["request"]["target"].partition("&of=")[2] for line in path.read_text("ascii").splitlines())


def test_a_journal_that_is_asked_for_holds_the_exchanges_of_every_test_behind_what_it_held(suite, pytester):
    for _ in range(2):
        suite(JOURNAL.format(number=2), "--mockcloud-journal=kept.jsonl").assert_outcomes(passed=3)
    assert asked(pytester.path / "kept.jsonl") == sorted(["0", "1", "served"] * 2)


def test_under_xdist_every_worker_appends_whole_lines_to_the_one_journal(suite, pytester):
    pytest.importorskip("xdist")
    pytester.mkdir("elsewhere")
    found = suite(JOURNAL.format(number=20), "--mockcloud-journal", "elsewhere/kept.jsonl", *("-p", "xdist", "-n", "3"))
    found.assert_outcomes(passed=21)
    assert asked(pytester.path / "elsewhere" / "kept.jsonl") == sorted([*map(str, range(20)), "served"])


def test_a_journal_that_cannot_be_written_ends_the_run_with_4_before_the_first_test(suite):
    result = suite(JOURNAL.format(number=1), "--mockcloud-journal=no/such/kept.jsonl")
    assert result.ret == 4
    result.stderr.fnmatch_lines(
        ["ERROR: --mockcloud-journal: cannot write the journal *no/such/kept.jsonl*; there is no folder*"]
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_journal_whose_disk_fills_is_one_warning_and_no_test_fails(suite):
    result = suite(JOURNAL.format(number=3), "--mockcloud-journal=/dev/full")
    result.assert_outcomes(passed=4, warnings=1)
    result.stdout.fnmatch_lines(["*UserWarning: the journal '/dev/full' is not whole: No space left on device*"])


def test_the_journals_option_is_described(suite):
    suite("", "--help").stdout.fnmatch_lines(["mockcloud:", "*--mockcloud-journal=FILE*"])


def test_an_unknown_host_fails_the_test_by_name(suite):
    result = suite("import requests\ndef test_it(mockcloud): requests.get('https://api.ucloud.com/')\n")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*UnknownHost: nothing was sent to api.ucloud.com*"])


def test_a_failed_test_shows_what_was_refused_with_rule_value_document_and_line(suite):
    result = suite(
        """
        import pytest, requests

        @pytest.mark.mockcloud(auth="off")
        def test_it(mockcloud):
            body = {"source": {"bucket": "b", "key": "k"}, "target": {"destBucket": "d", "widthInPixel": 5000}}
            url = "https://mps.jdcloud-api.com/v1/regions/cn-north-1/thumbnail"
            assert requests.post(url, json=body).status_code == 200

        def test_that_passes(mockcloud):
            requests.get("https://mps.jdcloud-api.com/v1/regions/cn-north-1/thumbnail/x")
        """
    )
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(
        [
            "*mockcloud: refused requests*",
            "POST /v1/regions/cn-north-1/thumbnail -> 400 INVALID_ARGUMENT (jdcloud.createThumbnailTask)",
            "  /target/widthInPixel 5000 *jdcloud.createThumbnailTask/request#*Pixel:* [[]001_20d4131b6d265f54.txt line *[]]",
            "  more: mockcloud explain 'jdcloud.createThumbnailTask/request#/target/widthInPixel:maximum'",
        ]
    )


def test_what_was_refused_is_shown_when_a_fixture_of_the_users_own_fails_before_or_after_the_test(suite):
    result = suite(
        """
        import pytest, requests

        def ask(key):
            url = "https://mps.jdcloud-api.com/v1/regions/cn-north-1/thumbnail/" + key
            assert requests.get(url).status_code == 200

        @pytest.fixture
        def before(mockcloud):
            ask("before")

        @pytest.fixture
        def after(mockcloud):
            yield
            ask("after")

        def test_one(before): pass
        def test_two(after): pass
        """
    )
    result.assert_outcomes(errors=2, passed=1)
    for name in ("before", "after"):
        result.stdout.fnmatch_lines(
            [
                f"GET /v1/regions/cn-north-1/thumbnail/{name} -> 401 ACCESS_ERROR (jdcloud)",
                '  answered {*"lack of header authorization*',
                "  more: mockcloud explain jdcloud:ACCESS_ERROR",
            ]
        )


def test_a_test_that_is_a_coroutine_is_intercepted_by_the_same_fixture(suite):
    pytest.importorskip("anyio")
    result = suite(
        """
        import asyncio, httpx, pytest

        @pytest.fixture
        def anyio_backend():
            return "asyncio"

        @pytest.mark.anyio
        @pytest.mark.mockcloud(auth="off")
        async def test_it(mockcloud):
            async with httpx.AsyncClient() as client:
                url = "https://mps.jdcloud-api.com/v1/regions/cn-north-1/thumbnail"
                body = {"source": {"bucket": "b", "key": "k"}, "target": {"destBucket": "d"}}
                made = await asyncio.gather(*(client.post(url, json=body) for _ in range(20)))
            assert {answer.status_code for answer in made} == {200}
            assert len({task.id for task in mockcloud.tasks("jdcloud")}) == 20
        """,
        *("-p", "anyio"),
    )
    result.assert_outcomes(passed=1)
