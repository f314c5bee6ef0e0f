"""Checks the peer against a golden vector, in float64: a fast but wrong peer must not be compared with."""
import json
import pathlib

import torch

from tagger import BitFlip, Gaussian, iterate

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "testing" / "golden" / "model"
LARGEST_ERROR = 1e-9


def tensor(stored):
    return torch.tensor(stored["data"], dtype=torch.float64).reshape(stored["shape"])


def check(noise, norm):
    """Raises an error that names the tensor, unless every value and every gradient is correct."""
    name = f"{noise}-{norm}-sigmoid" + ("-algorithm" if noise == "gaussian" else "")
    golden = json.loads((FOLDER / f"{name}.json").read_text())
    config, inputs, expected = golden["config"], golden["inputs"], golden["expected"]
    parameters = {key: tensor(value).requires_grad_(True) for key, value in golden["parameters"].items()}
    kind = config["noise"]
    model = BitFlip(kind["probability"]) if noise == "bitflip" else Gaussian(kind["std"])
    cost, outputs = iterate(
        parameters, tensor(inputs["x"]), tensor(inputs["corrupted"]), tensor(inputs["assignmentLogits"]),
        config["initialPrediction"], len(config["sizes"]) - 1, model, norm, config["iterations"],
    )
    cost.backward()

    def compare(label, actual, correct):
        if actual.shape != correct.shape or not torch.allclose(actual, correct, rtol=0, atol=LARGEST_ERROR * max(1, correct.abs().max())):
            raise AssertionError(f"{label} differs from the golden vector {name}")

    compare("the cost", cost.detach(), torch.tensor(expected["cost"], dtype=torch.float64))
    for i, (output, correct) in enumerate(zip(outputs, expected["iterations"])):
        for key in ("dz", "L", "z", "m"):
            compare(f"{key} of iteration {i}", output[key].detach(), tensor(correct[key]))
    for key, correct in expected["gradients"].items():
        compare(f"the gradient of {key}", parameters[key].grad, tensor(correct))
