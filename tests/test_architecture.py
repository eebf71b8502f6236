"""Check the structure that docs/architecture.md describes. Each check names the offending file and line."""

import ast
import builtins
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator

import pytest
from importlinter.application.use_cases import lint_imports
from importlinter.configuration import configure

from adapters.networks.registry import NETWORKS
from tests.source import PRODUCTION, ROOT, committed, imported, parsed, python_files, tree, use_cases

LINES_AT_MOST = 300
LINES_AT_MOST_IN_TESTS = 550
#: Why a file may be longer, and how long.
LONGER = {
    "bot.py": 640,  # the composition root and the command line share one file
    "storage/tables.py": 460,  # a list of tables
}

CLOCK_CALLS = {
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "time.gmtime",
    "time.localtime",
    "time.time",
    "time.time_ns",
}
CLOCK = "bot.py: SystemClock.now"


def test_import_contracts_hold(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.syspath_prepend(ROOT)
    configure()
    assert lint_imports(cache_dir=None, no_logo=True), capsys.readouterr().out


def test_contracts_name_every_capability() -> None:
    """A new use case touches no contract; a new folder of them is in one."""
    options = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    [outside] = [one for one in options["contracts"] if one["name"] == "Use cases call nothing outside"]
    folders = {f"handlers.{path.split('/')[1]}" for path in use_cases()}
    assert set(outside["source_modules"]) == folders | {"handlers.desk"}


@pytest.mark.parametrize("path", list(python_files("domain")))
def test_domain_imports_only_the_standard_library(path: str) -> None:
    roots = {name.split(".")[0] for name in imported(tree(path))}
    assert roots <= sys.stdlib_module_names | {"domain"}


def test_only_tests_import_the_bot() -> None:
    importers = [
        path
        for path in python_files(*PRODUCTION, "sandbox")
        if any(name.split(".")[0] == "bot" for name in imported(tree(path)))
    ]
    assert importers == []


def test_only_the_demo_command_imports_the_sandbox() -> None:
    users = [
        function
        for function, node in _nodes("bot.py")
        if isinstance(node, ast.Import | ast.ImportFrom)
        and any(name.split(".")[0] == "sandbox" for name in imported(node))
    ]
    assert set(users) == {"_demo"}


def test_one_place_reads_the_environment() -> None:
    names = {"os.environ", "os.environb", "os.getenv", "os.putenv"}
    assert _uses(names, allowed=lambda path: path.startswith("adapters/settings/")) == []


def test_one_place_asks_the_time() -> None:
    assert [use.rpartition(" line ")[0] for use in _uses(CLOCK_CALLS)] == [CLOCK]


def test_every_post_into_the_team_chat_waits_for_its_turn() -> None:
    posting = [
        path
        for path in python_files("handlers", "adapters")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr == "post"
        if ast.unparse(node).endswith("team_chat.post")
    ]
    assert posting == ["handlers/context.py"]


def test_use_cases_wait_for_nothing() -> None:
    """Use cases run inside a transaction, where nothing may wait on a network; `handlers.desk` runs them."""
    waiting = [
        f"{path}:{node.lineno}"
        for path in [*python_files("domain", "storage"), *use_cases()]
        for node in _outside_protocols(tree(path))
        if isinstance(node, ast.AsyncFunctionDef | ast.Await)
    ]
    assert waiting == []


#: A network's name as people read it, and what belongs to one alone. Headers such as `X-Autoreply` are not.
NAMED_NETWORK = re.compile(r"\b(?:X(?!-)|Twitter|Bluesky|Mastodon)\b|\bX_|\bx\.com\b|[\"'`]x[\"'`]")
#: A network's own folder, and code that knows one network's rules (decision 34).
ABOUT_ONE_NETWORK = (*(f"adapters/networks/{name}/" for name in NETWORKS), "adapters/twitter_text/")


def test_nothing_but_its_adapter_names_a_network() -> None:
    """A network's name, and what to do there, is shown to people only by what its entry says."""
    said = [
        f"{path}:{node.lineno}: {node.value}"
        for path in python_files("domain", "handlers", "adapters")
        if not path.startswith(ABOUT_ONE_NETWORK)
        for node in ast.walk(_without_docstrings(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if NAMED_NETWORK.search(node.value) or node.value in NETWORKS
    ]
    assert said == []


def test_the_models_prompt_names_no_network() -> None:
    prompts = [path for path in committed() if path.startswith("prompts/draft/")]
    said = [
        f"{path}:{number}: {line}"
        for path in prompts
        for number, line in enumerate((ROOT / path).read_text(encoding="utf-8").splitlines(), start=1)
        if NAMED_NETWORK.search(line)
    ]
    assert prompts
    assert said == []


def test_rules_hold_facts_and_no_sentences() -> None:
    """A sentence for people is a renderer's; a rule refuses with an exception that carries facts."""
    sentence = re.compile(r"\w\W+\w+\W+\w.*[.!?…]\s*$", re.DOTALL)
    said = []
    for path in python_files("domain"):
        for node in _outside_builtin_exceptions(_without_docstrings(path)):
            text = _text_of(node)
            if text is not None and sentence.search(text):
                said.append(f"{path}:{getattr(node, 'lineno', 0)}: {text}")
            if isinstance(node, ast.Call) and _name_of(node.func) in {"DeskError", "Refused"}:
                said.append(f"{path}:{node.lineno}: {ast.unparse(node)}")
    assert said == []


def test_blocks_are_drawn_in_one_place() -> None:
    kinds = {"actions", "context", "divider", "header", "mrkdwn", "plain_text", "rich_text", "section"}
    drawn = [
        f"{path}:{node.lineno}"
        for path in python_files(*PRODUCTION)
        if not path.startswith("adapters/slack/")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Dict) and _type_of(node) in kinds
    ]
    assert drawn == []


def test_production_does_not_know_that_it_is_tested() -> None:
    """No switch by name, no detection of the importer, no test library."""
    words = {"testing", "is_test", "is_testing", "in_test", "under_test", "test_mode", "testmode", "dry_run"}
    libraries = {"pytest", "unittest", "hypothesis", "_pytest"}
    found = []
    for path in python_files(*PRODUCTION):
        for node in ast.walk(tree(path)):
            name = _name_of(node)
            if name is not None and name.lower() in words:
                found.append(f"{path}:{getattr(node, 'lineno', 0)} {name}")
        if libraries & {name.split(".")[0] for name in imported(tree(path))}:
            found.append(f"{path} imports a test library")
    assert found == []
    assert _uses({"sys.modules", "sys.argv"}) == []


def test_production_keeps_no_state_in_modules() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path in python_files(*PRODUCTION, "sandbox")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Global)
    ]
    assert found == []


#: Run in a fresh interpreter: report every side effect of importing our modules.
_IMPORT_PROBE = """
import importlib, sys, threading
root, *modules = sys.argv[1:]
sys.path.insert(0, root)
forbidden = {"socket.connect", "socket.getaddrinfo", "sqlite3.connect", "subprocess.Popen", "os.system", "os.mkdir"}
def watch(event, arguments):
    place = str(arguments[0]) if arguments else ""
    ours = place.startswith(root) and "/.venv/" not in place and "__pycache__" not in place
    if event in forbidden or event == "open" and ours and not place.endswith(".py"):
        print(module, "does", event, place)
sys.addaudithook(watch)
for module in modules:
    importlib.import_module(module)
for thread in threading.enumerate()[1:]:
    print("a thread was started:", thread.name)
"""


def test_nothing_is_built_at_import() -> None:
    """Importing everything opens no file, socket or database and starts no thread and no process."""
    paths = [path for path in python_files(*PRODUCTION) if "/migrations/" not in path]
    modules = [path.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path in paths]
    done = subprocess.run(
        [sys.executable, "-c", _IMPORT_PROBE, str(ROOT), *modules],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


def test_files_are_short() -> None:
    long = {}
    for path in committed():
        if path.endswith((".py", ".js", ".css")):
            usual = LINES_AT_MOST_IN_TESTS if path.startswith("tests/") else LINES_AT_MOST
            lines = len((ROOT / path).read_text(encoding="utf-8").splitlines())
            if lines > LONGER.get(path, usual):
                long[path] = lines
    assert long == {}


def _nodes(path: str) -> Iterator[tuple[str, ast.AST]]:
    """Iterate over the nodes of a file with the dotted name of their function or class."""

    def walk(node: ast.AST, inside: str) -> Iterator[tuple[str, ast.AST]]:
        for child in ast.iter_child_nodes(node):
            yield inside, child
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield from walk(child, f"{inside}.{child.name}".strip("."))
            else:
                yield from walk(child, inside)

    return walk(tree(path), "")


def _uses(names: set[str], allowed: Callable[[str], bool] = lambda _path: False) -> list[str]:
    """Find uses of these dotted names in production code, however they were imported.

    A file that uses a name has each of its parts, in an import or where it is used.
    """
    found = []
    for path in python_files(*PRODUCTION):
        text = (ROOT / path).read_text(encoding="utf-8")
        if allowed(path) or not any(all(part in text for part in name.split(".")) for name in names):
            continue
        aliases = _aliases(path)
        for inside, node in _nodes(path):
            if not isinstance(node, ast.Attribute | ast.Name):
                continue
            first, _, rest = ast.unparse(node).partition(".")
            dotted = f"{aliases.get(first, first)}.{rest}".strip(".")
            if dotted in names:
                found.append(f"{path}: {inside} line {node.lineno}")
    return found


def _without_docstrings(path: str) -> ast.Module:
    """Parse a Python file without its docstrings."""

    class Strip(ast.NodeTransformer):
        def visit_Expr(self, node: ast.Expr) -> ast.Expr | None:
            return None if isinstance(node.value, ast.Constant) else node

    stripped: ast.Module = Strip().visit(parsed(path))
    return stripped


def _aliases(path: str) -> dict[str, str]:
    """Map each imported name of a file to its full name."""
    aliases: dict[str, str] = {}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            aliases |= {alias.asname or alias.name: alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            aliases |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return aliases


def _outside_protocols(node: ast.AST) -> Iterator[ast.AST]:
    """Iterate over the nodes below this one, without protocols.

    A protocol only states what somebody else provides.
    """
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef) and any(ast.unparse(base) == "Protocol" for base in child.bases):
            continue
        yield child
        yield from _outside_protocols(child)


def _outside_builtin_exceptions(node: ast.AST) -> Iterator[ast.AST]:
    """Iterate over the nodes below this one, without the messages of built-in exceptions.

    Those are for programmers and for who edits a file.
    """
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call) and isinstance(child.func, ast.Name):
            built_in = getattr(builtins, child.func.id, None)
            if isinstance(built_in, type) and issubclass(built_in, Exception):
                continue
        yield child
        yield from _outside_builtin_exceptions(child)


def _text_of(node: ast.AST) -> str | None:
    """Return a string, or an f-string with each value as "x" in its place; `None` for anything else."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_text_of(part) or "x" for part in parts)
        case _:
            return None


def _name_of(node: ast.AST) -> str | None:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name) | ast.keyword(arg=name):
            return name
        case _:
            return None


def _type_of(node: ast.Dict) -> object:
    pairs = zip(node.keys, node.values, strict=True)
    types = [v for k, v in pairs if isinstance(k, ast.Constant) and k.value == "type"]
    return types[0].value if types and isinstance(types[0], ast.Constant) else None
