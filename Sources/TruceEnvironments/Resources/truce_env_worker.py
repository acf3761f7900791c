"""Runs environments for Truce.

Truce starts this file in a process of its own, sends it requests and reads answers. It needs Python 3.10 and nothing
else; what an environment needs beside that is imported when the environment is made.

A family of environments is one class
-------------------------------------

    class Carts:
        tasks = ["light", "heavy"]      # or a function of no arguments
        packages = ["numpy"]            # installed packages whose versions the run records; may be left out
        observation_size = 4            # these three may be set in __init__ instead
        action_size = 1
        step_limit = 200                # None, or left out: an episode may go on for ever

        def __init__(self, task, seed, **options): ...   # one object for each task; its seed is below 2**32
        def goals(self, count): ...     # so many goals, each a list of numbers (which may be empty), drawn from the seed
        def reset(self, goal): ...      # begins an episode; returns the observation
        def step(self, action): ...     # returns observation, reward, success, terminated
        def expert(self): ...           # what a scripted policy would do now; may be left out
        def picture(self, width, height): ...   # the bytes of height × width × 3, red, green, blue; may be left out

An action is a list of numbers in [-1, 1]. An episode must follow from its goal and its actions alone: a worker that
died is replaced by one that repeats them. So whatever is random takes its numbers from the seed or the goal, never
from a generator that objects share. The seed of a task is the same in every worker, also in one that goes on; `goals`
is not called where goals were recorded, so draw nothing else in it. The environments that are measured in have other
seeds than those that are learned in.

Nobody calls `reset` but Truce: an environment that has terminated waits for it. Until then nothing is asked of it but
pictures, and it counts with its last observation, no reward and no success.

`problem: python` with `problem_options: {class: "carts.py:Carts"}` runs it; further options go to `__init__`.

Frames
------

Requests come through descriptor 0 and answers leave through descriptor 3. A frame is a header of 16 bytes, all
little-endian: `TRCE`, then three unsigned numbers of 32 bits, the kind, the sequence number and the length of what
follows, at most 16 MiB. An answer has its request's sequence number and kind, or kind 255 where the request failed.

    kind           request                            answer
    1  hello       JSON: protocol, family             JSON: protocol, python, packages
    2  configure   JSON: tasks, seeds, goals, ...     JSON: tasks, sizes, goals
    3  reset       the number of each task's goal     each task's observation
    4  step        each task's action                 each task's observation, reward, success, terminated
    5  expert      nothing                            each task's action
    6  picture     a task's place, width, height      the bytes of a picture
    255 error                                         JSON: code, reason, task

Numbers outside JSON are float32. The process ends when descriptor 0 is closed, even in the middle of a step.
"""

import importlib.metadata
import importlib.util
import json
import os
import platform
import select
import signal
import struct
import sys
import threading
import traceback
from array import array

PROTOCOL = 2
MAGIC = b"TRCE"
HEADER = struct.Struct("<4sIII")
LENGTH_LIMIT = 16 << 20
HELLO, CONFIGURE, RESET, STEP, EXPERT, PICTURE, ERROR = 1, 2, 3, 4, 5, 6, 255


class Refusal(Exception):
    """A request that cannot be met, with a code that Truce knows."""

    def __init__(self, code, reason, **details):
        super().__init__(reason)
        self.answer = {"code": code, "reason": reason, **details}


# Frames


class Channel:
    """The two pipes, out of reach of whatever prints or reads."""

    def __init__(self):
        self.requests = os.dup(0)
        self.answers = os.dup(3)
        os.close(3)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        os.dup2(2, 1)

    def _read(self, count):
        """So many bytes; None where the input has ended."""
        data = bytearray(count)
        view = memoryview(data)
        while view:
            got = os.readv(self.requests, [view])
            if got == 0:
                return None
            view = view[got:]
        return data

    def read(self):
        """The next request as kind, sequence number and content; None at the end."""
        header = self._read(HEADER.size)
        if header is None:
            return None
        magic, kind, sequence, length = HEADER.unpack(header)
        if magic != MAGIC or length > LENGTH_LIMIT:
            raise SystemExit("a request is no frame")
        content = self._read(length)
        return None if content is None else (kind, sequence, content)

    def write(self, kind, sequence, content):
        view = memoryview(HEADER.pack(MAGIC, kind, sequence, len(content)) + content)
        while view:
            view = view[os.write(self.answers, view) :]


def numbers_in(content):
    numbers = array("f")
    numbers.frombytes(content)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def bytes_of(numbers):
    if sys.byteorder == "big":
        numbers = array("f", numbers)
        numbers.byteswap()
    return numbers.tobytes()


def listed(numbers):
    """A list of numbers from a list, a tuple or an array of any library."""
    return numbers.tolist() if hasattr(numbers, "tolist") else list(numbers)


def within_bounds(action):
    return [min(max(number, -1.0), 1.0) for number in action]


# Living no longer than whoever started it


def end_with_parent(parent, requests):
    # Only whoever started this process ends it, by closing the pipe or by killing it.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    if sys.platform == "linux":
        # Also in the middle of a step that never gives Python's lock back.
        import ctypes

        set_death_signal = 1
        ctypes.CDLL(None).prctl(set_death_signal, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)

    def watch():
        poll = select.poll()
        poll.register(requests, 0)
        while not any(event & (select.POLLHUP | select.POLLERR) for _, event in poll.poll()):
            pass
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


# Requests


class Server:
    """Answers requests about the environments of one family."""

    def __init__(self):
        self.family = None
        self.tasks = []
        self.environments = []
        self.goals = []
        # What each environment that has terminated waits with; None for one that goes on.
        self.waiting = []

    def answer(self, kind, content):
        if kind == HELLO:
            return self.hello(json.loads(content.decode()))
        if kind == CONFIGURE:
            return self.configure(json.loads(content.decode()))
        if kind == RESET:
            return self.reset(numbers_in(content))
        if kind == STEP:
            return self.step(numbers_in(content))
        if kind == EXPERT:
            return self.expert()
        if kind == PICTURE:
            return self.picture(*(int(number) for number in numbers_in(content)))
        raise Refusal("unknown-request", f"there is no request {kind}")

    def hello(self, request):
        if request["protocol"] == PROTOCOL:
            self.family = family_named(request["family"])
        packages = getattr(self.family, "packages", ())
        answer = {
            "protocol": PROTOCOL,
            "python": platform.python_version(),
            "packages": {name: installed_version(name) for name in packages},
        }
        return json.dumps(answer, allow_nan=False).encode()

    def configure(self, request):
        known = self.family.tasks
        known = list(known() if callable(known) else known)
        self.tasks = known if request["tasks"] is None else request["tasks"]
        for task in self.tasks:
            if task not in known:
                raise Refusal("unknown-task", f"there is no task '{task}'", task=task, known=known)
        if request["lists_only"]:
            return json.dumps({"tasks": self.tasks}).encode()
        if request["draws"]:
            choose_drawing()
        self.environments = []
        self.waiting = [None for _ in self.tasks]
        for task, seed in zip(self.tasks, request["seeds"], strict=True):
            self.environments.append(self.attempt(task, lambda: self.family(task, seed, **request["options"])))
        self.goals = request["goals"]
        if self.goals is None:
            self.goals = [
                [listed(goal) for goal in self.attempt(task, lambda: environment.goals(request["goal_count"]))]
                for task, environment in zip(self.tasks, self.environments)
            ]
        self.check_sizes()
        first = self.environments[0]
        answer = {
            "tasks": self.tasks,
            "observation_size": first.observation_size,
            "action_size": first.action_size,
            "step_limit": getattr(first, "step_limit", None),
            "goals": self.goals,
        }
        return json.dumps(answer, allow_nan=False).encode()

    def check_sizes(self):
        sizes = {
            (environment.observation_size, environment.action_size, getattr(environment, "step_limit", None))
            for environment in self.environments
        }
        if len(sizes) != 1:
            raise Refusal("failed", "the tasks differ in the size of observation or action, or in their step limit")

    @staticmethod
    def attempt(task, body):
        try:
            return body()
        except Refusal:
            raise
        except ImportError as error:
            package = (getattr(error, "name", None) or "").split(".")[0]
            raise Refusal("missing-package", str(error), task=task, package=package) from error
        except Exception as error:
            raise Refusal("failed", one_line(error), task=task) from error

    def reset(self, chosen):
        answer = array("f")
        self.waiting = [None for _ in self.tasks]
        for task, environment, goals, number in zip(self.tasks, self.environments, self.goals, chosen, strict=True):
            observation = self.attempt(task, lambda: environment.reset(goals[int(number)]))
            answer.extend(self.checked(task, observation, environment.observation_size, "an observation"))
        return bytes_of(answer)

    def step(self, actions):
        answer = array("f")
        begin = 0
        for place, environment in enumerate(self.environments):
            end = begin + environment.action_size
            action = within_bounds(actions[begin:end])
            begin = end
            answer.extend(self.waiting[place] or self.step_one(place, action))
        return bytes_of(answer)

    def step_one(self, place, action):
        """The answer of one environment: observation, reward, success, terminated."""
        task, environment = self.tasks[place], self.environments[place]
        observation, reward, success, terminated = self.attempt(task, lambda: environment.step(action))
        answer = self.checked(task, observation, environment.observation_size, "an observation")
        if terminated:
            self.waiting[place] = answer + array("f", (0.0, 0.0, 1.0))
        return answer + array("f", (float(reward), float(bool(success)), float(bool(terminated))))

    def expert(self):
        answer = array("f")
        for task, environment, waiting in zip(self.tasks, self.environments, self.waiting):
            if not hasattr(environment, "expert"):
                raise Refusal("no-expert", "there is no scripted policy", task=task)
            if waiting:
                answer.extend([0.0] * environment.action_size)
                continue
            action = self.attempt(task, environment.expert)
            answer.extend(within_bounds(self.checked(task, action, environment.action_size, "an action")))
        return bytes_of(answer)

    def picture(self, place, width, height):
        task, environment = self.tasks[place], self.environments[place]
        if not hasattr(environment, "picture"):
            raise Refusal("no-picture", "its class has no method picture(width, height)", task=task)
        picture = bytes(self.attempt(task, lambda: environment.picture(width, height)))
        if len(picture) != 3 * width * height:
            reason = f"a picture of {width}×{height} has {len(picture)} bytes, not {3 * width * height}"
            raise Refusal("failed", reason, task=task)
        return picture

    @staticmethod
    def checked(task, numbers, size, what):
        try:
            numbers = array("f", listed(numbers))
        except TypeError as error:
            raise Refusal("failed", f"{what} is no list of numbers: {numbers!r:.80}", task=task) from error
        if len(numbers) != size:
            raise Refusal("failed", f"{what} has {len(numbers)} numbers, not {size}", task=task)
        return numbers


def one_line(error):
    """The error and where it was raised."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{os.path.basename(frame.filename)}, line {frame.lineno}"
    return " ".join(f"{type(error).__name__}: {error} ({where})".split())


def installed_version(package):
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


# Families


def family_named(name):
    if name in FAMILIES:
        return FAMILIES[name]
    path, _, class_name = name.rpartition(":")
    if not os.path.isfile(path):
        raise Refusal("no-class", f"{path}: no such file")
    folder, file = os.path.split(os.path.abspath(path))
    sys.path.insert(0, folder)
    sys.dont_write_bytecode = True
    spec = importlib.util.spec_from_file_location(os.path.splitext(file)[0], path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    Server.attempt(None, lambda: spec.loader.exec_module(module))
    sys.dont_write_bytecode = False
    if not hasattr(module, class_name):
        raise Refusal("no-class", f"{path}: there is no class '{class_name}'")
    return getattr(module, class_name)


def choose_drawing():
    """Sets what MuJoCo draws with, which it reads when it is imported; what the user has set stays."""
    import ctypes.util

    for name, library in (("egl", "EGL"), ("osmesa", "OSMesa")):
        if ctypes.util.find_library(library):
            os.environ.setdefault("MUJOCO_GL", name)


class Metaworld:
    """A task of Metaworld 3. Its goals are drawn by the environment itself, from a generator of its own."""

    packages = ("metaworld", "mujoco", "gymnasium", "numpy")
    action_size = 4
    # Hand, object 1, object 2 and goal: the observation of version 1.
    old_observation = [0, 1, 2, 4, 5, 6, 11, 12, 13, 36, 37, 38]

    @staticmethod
    def tasks():
        from metaworld.env_dict import ALL_V3_ENVIRONMENTS

        return [name.removesuffix("-v3") for name in ALL_V3_ENVIRONMENTS]

    def __init__(self, task, seed, rewards="v2", observation=39):
        import numpy
        from metaworld.env_dict import ALL_V3_ENVIRONMENTS

        self.numpy = numpy
        self.name = task + "-v3"
        self.seed = seed
        self.made = ALL_V3_ENVIRONMENTS[self.name](reward_function_version=rewards)
        self.step_limit = self.made.max_path_length
        self.observation_size = observation
        self.places = slice(None) if observation == 39 else self.old_observation
        self.last = None
        self.policy = None
        self.renderer = None

    def goals(self, count):
        made = self.made
        made._set_task_called = True
        made._freeze_rand_vec = False
        made.seeded_rand_vec = True
        made.seed(self.seed)
        drawn = []
        for _ in range(count):
            made.reset()
            drawn.append(made._last_rand_vec.tolist())
        return drawn

    def reset(self, goal):
        import pickle

        from metaworld.types import Task

        vector = self.numpy.array(goal)
        data = {"rand_vec": vector, "env_cls": type(self.made), "partially_observable": False}
        self.made.set_task(Task(env_name=self.name, data=pickle.dumps(data)))
        self.last, _ = self.made.reset()
        return self.last[self.places]

    def step(self, action):
        action = self.numpy.array(action, dtype=self.numpy.float32)
        self.last, reward, terminated, _, info = self.made.step(action)
        return self.last[self.places], reward, info["success"], terminated

    def expert(self):
        if self.policy is None:
            from metaworld.policies import ENV_POLICY_MAP

            self.policy = ENV_POLICY_MAP[self.name]()
        return self.policy.get_action(self.last)

    def picture(self, width, height):
        import mujoco

        if self.renderer is None:
            try:
                self.renderer = mujoco.Renderer(self.made.model, height, width)
            except Exception as error:
                reason = f"MuJoCo cannot draw without a GL library, EGL or OSMesa ({one_line(error)})"
                raise Refusal("no-picture", reason, task=self.name.removesuffix("-v3")) from error
        self.renderer.update_scene(self.made.data, camera="corner2")
        # The camera hangs upside down.
        return self.renderer.render()[::-1].tobytes()


FAMILIES = {"metaworld": Metaworld}


def main(parent):
    channel = Channel()
    end_with_parent(parent, channel.requests)
    server = Server()
    while (request := channel.read()) is not None:
        kind, sequence, content = request
        try:
            answer = server.answer(kind, content)
        except Refusal as refusal:
            kind, answer = ERROR, json.dumps(refusal.answer).encode()
        except Exception as error:
            kind, answer = ERROR, json.dumps({"code": "failed", "reason": one_line(error)}).encode()
        channel.write(kind, sequence, answer)


if __name__ == "__main__":
    main(int(sys.argv[1]))
