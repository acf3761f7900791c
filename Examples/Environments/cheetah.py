"""Two tasks on one body that want the opposite: HalfCheetah runs forward or backward, gymnasium's MuJoCo version 5.

Needs gymnasium and mujoco, which `Scripts/setup rl` installs:

    truce train --problem python --problem-option class=Examples/Environments/cheetah.py:Cheetah
"""

import gymnasium


class Cheetah:
    tasks = ["forward", "backward"]
    packages = ["gymnasium", "mujoco", "numpy"]
    observation_size = 17
    action_size = 6
    step_limit = 1000
    fast = 3.0  # metres a second; running at that speed counts as a success

    def __init__(self, task, seed):
        self.direction = 1 if task == "forward" else -1
        self.seed = seed
        self.made = gymnasium.make("HalfCheetah-v5").unwrapped

    def goals(self, count):
        # A goal is the seed of the pose that an episode begins with.
        return [[(self.seed + number) % 2**32] for number in range(count)]

    def reset(self, goal):
        return self.made.reset(seed=int(goal[0]))[0]

    def step(self, action):
        observation, _, terminated, _, info = self.made.step(action)
        speed = self.direction * info["x_velocity"]
        return observation, speed + info["reward_ctrl"], speed > self.fast, terminated
