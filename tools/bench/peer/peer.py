"""A peer of the benchmark: a process that answers every line of input with a line of JSON.

    echo step | python torch_peer.py --settings '{"sizes": [500, 250, 125], ...}' --threads 2

It checks itself against a golden vector before its first answer: a fast but wrong peer must not be compared with.
"""
import argparse
import json
import os
import pathlib
import statistics
import sys
import time

import numpy

from model import Tagger, initial_parameters

GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "testing" / "golden" / "model"
#: Largest errors of the golden check, relative to an array's largest value, or absolute if that is below 1.
FLOAT64_ERROR = 1e-9
FLOAT32_ERROR = 1e-4
INITIAL_PREDICTION = 0.28


def read_arguments(**modes):
    """The arguments, with the settings of src/step-settings.ts. Call this before importing a library that starts threads."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--settings", type=json.loads, required=True)
    parser.add_argument("--threads", type=int, required=True)
    for name, choices in modes.items():
        parser.add_argument(f"--{name}", choices=choices, default=choices[0])
    arguments = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = str(arguments.threads)
    # Some libraries only count the cores that they may use.
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: arguments.threads])
    return arguments


def tagger_of(ops, settings):
    return Tagger(ops, settings["noise"], settings["norm"], settings["iterations"], INITIAL_PREDICTION)


def first_state(settings):
    """The parameters and inputs: binary or grey pixels without structure."""
    random = numpy.random.default_rng(1)
    parameters = initial_parameters(settings["sizes"], settings["inputSize"], settings["noise"], random)
    x = random.random((settings["batch"], settings["inputSize"]), "float32")
    return parameters, (x < 0.28).astype("float32") if settings["noise"] == "bitflip" else x


def check_golden(ops, settings, run, from_numpy, largest_error):
    """
    Raises an error that names the array unless the cost and all values and gradients match the golden vector.

    `run(tagger, parameters, x, corrupted, logits)` returns the cost, the outputs by iteration and the gradients;
    `from_numpy` converts its float64 inputs.
    """
    name = "-".join([settings["noise"], settings["norm"], "sigmoid", *(["algorithm"] if settings["noise"] == "gaussian" else [])])
    golden = json.loads((GOLDEN / f"{name}.json").read_text())
    config, inputs, expected = golden["config"], golden["inputs"], golden["expected"]

    def array(stored):
        return from_numpy(numpy.array(stored["data"], "float64").reshape(stored["shape"]))

    noise = config["noise"]
    tagger = Tagger(
        ops, noise["kind"], config["norm"], config["iterations"], config["initialPrediction"],
        noise["probability"] if noise["kind"] == "bitflip" else noise["std"],
    )
    parameters = {key: array(value) for key, value in golden["parameters"].items()}
    cost, outputs, gradients = run(tagger, parameters, *(array(inputs[key]) for key in ("x", "corrupted", "assignmentLogits")))

    def compare(label, actual, data):
        correct = numpy.ravel(data)
        error = numpy.abs(numpy.ravel(numpy.asarray(actual, "float64")) - correct).max()
        if not error <= largest_error * max(1, numpy.abs(correct).max()):
            sys.exit(f"{label} differs from the golden vector {name} by {error:.2g}")

    compare("the cost", cost, expected["cost"])
    for i, (output, correct) in enumerate(zip(outputs, expected["iterations"])):
        for key, value in output.items():
            compare(f"{key} of iteration {i}", value, correct[key]["data"])
    for key, correct in expected["gradients"].items():
        compare(f"the gradient of {key}", gradients[key], correct["data"])


def timed(action):
    started = time.perf_counter()
    result = action()
    return 1e3 * (time.perf_counter() - started), result


def median_timed(action):
    """The median of at least five runs and 60 milliseconds, after one that does not count, as the other variants measure."""
    action()
    times = []
    while len(times) < 5 or sum(times) < 60:
        milliseconds, result = timed(action)
        times.append(milliseconds)
    return statistics.median(times), result


def peak_rss_mib():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))


def answer(description, settings, step):
    """Reports that the peer is ready, then runs `step`, which returns the cost, for every line of input."""
    print(json.dumps({"ready": description}), flush=True)
    for _ in sys.stdin:
        milliseconds, cost = (timed if settings["task"] == "training" else median_timed)(step)
        if not numpy.isfinite(cost):
            sys.exit(f"the cost is {cost}")
        print(json.dumps({"milliseconds": milliseconds, "cost": cost, "peakRssMiB": peak_rss_mib()}), flush=True)
