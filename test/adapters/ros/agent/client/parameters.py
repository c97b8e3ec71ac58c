"""The agent's parameters: as they are described, read and set, and who tells of their changes."""

from rcl_interfaces.msg import Parameter, ParameterType, ParameterValue
from rcl_interfaces.srv import DescribeParameters, GetParameters, SetParameters

from connection import call, node


def events(q):
    """Who publishes parameter events, and on which topics."""
    topics = [name for name, _ in node.get_topic_names_and_types() if name.endswith("/parameter_events")]
    return {
        "topics": topics,
        "nodes": [f"{i.node_namespace}/{i.node_name}" for i in node.get_publishers_info_by_topic("/parameter_events")],
    }


def parameter(name, value):
    if isinstance(value, bool):
        return Parameter(name=name, value=ParameterValue(type=ParameterType.PARAMETER_BOOL, bool_value=value))
    if isinstance(value, str):
        return Parameter(name=name, value=ParameterValue(type=ParameterType.PARAMETER_STRING, string_value=value))
    if value is None:
        return Parameter(name=name, value=ParameterValue(type=ParameterType.PARAMETER_NOT_SET))
    return Parameter(name=name, value=ParameterValue(type=ParameterType.PARAMETER_DOUBLE, double_value=float(value)))


def set_parameter(q):
    results = call(
        SetParameters, "telos/set_parameters", SetParameters.Request(parameters=[parameter(q["name"], q["value"])]), 3.0
    )
    return {
        "answered": results is not None,
        **({"ok": results.results[0].successful, "reason": results.results[0].reason} if results else {}),
    }


def describe(q):
    d = call(DescribeParameters, "telos/describe_parameters", DescribeParameters.Request(names=q["names"]), 3.0)
    if d is None:
        return {"answered": False}
    return {
        "answered": True,
        "parameters": [
            {
                "name": p.name,
                "description": p.description,
                "read_only": p.read_only,
                "range": [p.floating_point_range[0].from_value, p.floating_point_range[0].to_value]
                if p.floating_point_range
                else None,
            }
            for p in d.descriptors
        ],
    }


def get(q):
    values = call(GetParameters, "telos/get_parameters", GetParameters.Request(names=[q["name"]])).values
    return {"string": values[0].string_value, "bool": values[0].bool_value}


actions = {"events": events, "set": set_parameter, "describe": describe, "get": get}
