"""Loads launch files with stand-ins for launch and launch_ros (which pip does not offer) and prints as JSON what they
declare, use, start and import. argv: the launch files. Every attribute of a stand-in module is a class that keeps its
arguments.
"""

import ast
import importlib.machinery
import importlib.util
import json
import sys
import types


class Kept:
    def __init__(self, *args, **kwargs):
        self.args, self.kwargs = args, kwargs


class Module(types.ModuleType):
    __path__ = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        made = type(name, (Kept,), {"TRANSITION_CONFIGURE": 1, "TRANSITION_ACTIVATE": 3})
        setattr(self, name, made)
        return made


class Finder:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("launch", "launch_ros", "lifecycle_msgs"):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return Module(spec.name)

    def exec_module(self, module):
        pass


sys.meta_path.insert(0, Finder())
sys.dont_write_bytecode = True


def everything(x, found):
    """All kept objects within x."""
    if isinstance(x, Kept):
        if x not in found:
            found.append(x)
            everything([*x.args, *x.kwargs.values()], found)
    elif isinstance(x, (list, tuple, type({}.items()))):
        for item in x:
            everything(item, found)
    elif isinstance(x, dict):
        everything(list(x.values()), found)
    return found


def words(x):
    """A command line as strings; what is only known at launch as <name>."""
    if isinstance(x, Kept):
        return "<" + " ".join(a if isinstance(a, str) else words(a) for a in x.args) + ">"
    return "".join(words(item) for item in x) if isinstance(x, (list, tuple)) else str(x)


def filled(parts, namespace, outer):
    """A Python expression with a namespace in place of the argument, and one that was pushed around it."""
    return "".join(a if isinstance(a, str) else outer if "default" in a.kwargs else namespace for a in parts)


def imported(path):
    """module.name of everything that a file takes from the stood-in packages, for a check against the true ones."""
    tree = ast.parse(open(path).read(), path)
    return sorted(
        f"{n.module}.{a.name}"
        for n in ast.walk(tree)
        if isinstance(n, ast.ImportFrom) and n.module.split(".")[0].startswith("launch")
        for a in n.names
    )


answer = {}
for path in sys.argv[1:]:
    loader = importlib.machinery.SourceFileLoader("python_launch_file", path)
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    kept = everything(module.generate_launch_description(), [])
    kinds = {kind: [k for k in kept if type(k).__name__ == kind] for kind in {type(k).__name__ for k in kept}}
    answer[path] = {
        "declared": {
            k.args[0]: {"default": k.kwargs["default_value"], "description": k.kwargs["description"]}
            for k in kinds["DeclareLaunchArgument"]
        },
        "used": sorted({k.args[0] for k in kinds["LaunchConfiguration"] if "default" not in k.kwargs}),
        "nodes": [
            {
                "name": k.kwargs["name"],
                "namespace": words(k.kwargs["namespace"]),
                "kind": type(k).__name__,
                "package": k.kwargs.get("package"),
                "command": [k.kwargs["executable"], *(words(a) for a in k.kwargs.get("arguments", []))],
                "parameters": {
                    name: words(value) for table in k.kwargs.get("parameters", []) for name, value in table.items()
                },
                "remappings": {a: words(b) for a, b in k.kwargs.get("remappings", [])},
                "respawn": words(k.kwargs.get("respawn", "")),
                "ros_arguments": [words(a) for a in k.kwargs.get("ros_arguments", [])],
            }
            for k in [*kinds.get("Node", []), *kinds.get("LifecycleNode", [])]
        ],
        "processes": [[words(a) for a in k.kwargs["cmd"]] for k in kinds.get("ExecuteProcess", [])],
        "commands": [words(k.args[0]) for k in kinds.get("Command", [])],
        "handlers": sorted(type(k.args[0]).__name__ for k in kinds["RegisterEventHandler"]),
        "once": [
            type(k.args[0]).__name__ for k in kinds["RegisterEventHandler"] if k.args[0].kwargs.get("handle_once")
        ],
        "loggers": [
            [
                eval(filled(k.args[0], namespace, outer))
                for namespace, outer in (("", ""), ("a", ""), ("/a", "/b"), ("a", "/b/c"), ("", "/b"))
            ]
            for k in kinds.get("PythonExpression", [])
        ],
        "packages": sorted(
            {k.kwargs["package"] for k in kept if k.kwargs.get("package")}
            | {k.args[0] for k in kinds.get("FindPackageShare", [])}
        ),
        "imports": imported(path),
    }
json.dump(answer, sys.stdout)
