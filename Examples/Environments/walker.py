"""Stand, walk and run on one body: the walker of dm_control.

dm_control wants a newer MuJoCo than Metaworld, so it needs a Python of its own:

    python3 -m venv .truce/dm && .truce/dm/bin/pip install dm_control==1.0.50 "mujoco<4"
    TRUCE_RL_PYTHON=.truce/dm/bin/python truce train --problem python \\
      --problem-option class=Examples/Environments/walker.py:Walker
"""

import numpy
from dm_control import suite


class Walker:
    tasks = ["stand", "walk", "run"]
    packages = ["dm_control", "mujoco", "numpy"]
    observation_size = 24
    action_size = 6
    step_limit = 1000
    good = 0.8  # of a reward of at most 1

    def __init__(self, task, seed):
        self.seed = seed
        self.made = suite.load("walker", task)

    def goals(self, count):
        # A goal is the seed of the pose that an episode begins with.
        return [[(self.seed + number) % 2**32] for number in range(count)]

    def reset(self, goal):
        self.made.task._random = numpy.random.RandomState(int(goal[0]))
        return self.flat(self.made.reset())

    def step(self, action):
        answer = self.made.step(numpy.array(action))
        return self.flat(answer), answer.reward, answer.reward > self.good, False

    @staticmethod
    def flat(answer):
        return numpy.concatenate([numpy.ravel(part) for part in answer.observation.values()])
