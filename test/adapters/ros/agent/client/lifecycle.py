"""The agent's lifecycle: its states and transitions, and those of a node whose lifecycle is ROS 2's own."""

import time

from lifecycle_msgs.msg import Transition
from lifecycle_msgs.srv import ChangeState, GetAvailableStates, GetAvailableTransitions, GetState

from connection import call


def change(q):
    request = ChangeState.Request()
    request.transition.id = getattr(Transition, "TRANSITION_" + q["transition"].upper())
    began = time.time()
    response = call(ChangeState, "telos/change_state", request)
    return {"success": response.success, "took": time.time() - began, "state": label()}


def label():
    return call(GetState, "telos/get_state", GetState.Request()).current_state.label


def state(q):
    return {"state": label()}


def lifecycle(q):
    """What a node says of its lifecycle: states, the whole graph, and what is offered now."""

    def told(service):
        answer = call(GetAvailableTransitions, f"{q['node']}/{service}", GetAvailableTransitions.Request(), 5.0)
        return answer and sorted(
            [t.transition.id, t.transition.label, t.start_state.label, t.goal_state.label]
            for t in answer.available_transitions
        )

    states = call(GetAvailableStates, f"{q['node']}/get_available_states", GetAvailableStates.Request(), 5.0)
    return {
        "states": states and sorted([s.id, s.label] for s in states.available_states),
        "graph": told("get_transition_graph"),
        "offered": told("get_available_transitions"),
    }


actions = {"lifecycle": lifecycle, "change": change, "state": state}
