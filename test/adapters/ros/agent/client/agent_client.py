"""A ROS 2 node that knows only the outside contract of the agent, driven by lines of JSON on stdin; for the tests of
the agent's node. argv[1]: the namespace. Python, so that nothing of ours is on this side of the wire.
"""

import json
import sys

import lifecycle
import parameters
import tasks
import topics

actions = lifecycle.actions | parameters.actions | tasks.actions | topics.actions
print("client ready", flush=True)
for line in sys.stdin:
    question = json.loads(line)
    try:
        answer = actions[question["do"]](question)
    except Exception as error:  # told, so that the test fails with its reason instead of by silence
        answer = {"error": repr(error)}
    print(json.dumps(answer), flush=True)
