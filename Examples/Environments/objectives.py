"""One environment with several objectives as several tasks: a walker of MO-Gymnasium, fast or frugal.

Each task has a copy of the environment and sees one component of the vector of rewards. MO-Gymnasium needs
packages that Metaworld does not, so it gets a Python of its own:

    python3 -m venv .truce/mo && .truce/mo/bin/pip install mo-gymnasium==1.3.2 "gymnasium[mujoco]" "mujoco<4"
    TRUCE_RL_PYTHON=.truce/mo/bin/python truce train --problem python \\
      --problem-option class=Examples/Environments/objectives.py:Objectives
"""

import mo_gymnasium


class Objectives:
    tasks = ["speed", "thrift"]
    packages = ["mo-gymnasium", "gymnasium", "mujoco", "numpy"]
    observation_size = 17
    action_size = 6
    step_limit = 1000
    good = {"speed": 3.0, "thrift": -0.5}  # a reward above it counts as a success

    def __init__(self, task, seed):
        self.task = task
        self.seed = seed
        self.made = mo_gymnasium.make("mo-halfcheetah-v5").unwrapped

    def goals(self, count):
        # A goal is the seed of the pose that an episode begins with.
        return [[(self.seed + number) % 2**32] for number in range(count)]

    def reset(self, goal):
        return self.made.reset(seed=int(goal[0]))[0]

    def step(self, action):
        observation, rewards, terminated, _, _ = self.made.step(action)
        reward = float(rewards[self.tasks.index(self.task)])
        return observation, reward, reward > self.good[self.task], terminated
