"""The Tagger for PyTorch and JAX: `ops` has the functions of the library. docs/model.md has the mathematics.

Arrays are [groups, batch, size]; parameters are a dictionary with the names of saved models.
"""
import dataclasses
import math
import typing

import numpy

COST_EPSILON = 1e-4


def initial_parameters(sizes, input_size, noise, random):
    """NumPy arrays: weights from N(0, 1 / fan-in), gains 1, biases 0. `sizes`: the hidden size, then the Ladder's."""

    def weights(rows, columns):
        return (random.standard_normal((rows, columns)) / math.sqrt(rows)).astype("float32")

    def constant(value, *shape):
        return numpy.full(shape, value, "float32")

    hidden, top = sizes[0], len(sizes) - 1
    parameters = {"W_h": weights(4 * input_size, hidden), "b_h": constant(0, hidden)}
    for l, (below, size) in enumerate(zip(sizes, sizes[1:]), start=1):
        parameters[f"ladder/W_{l}"] = weights(below, size)
        parameters[f"ladder/b_{l}"] = constant(0, size)
        parameters[f"ladder/V_{l - 1}"] = weights(size, below)
    parameters["ladder/c"] = constant(1, sizes[top])
    for l, size in enumerate(sizes):
        for i in range(1, 11):
            parameters[f"ladder/a{i}_{l}"] = constant(1 if i in (2, 7) else 0, size)
    parameters["W_z"], parameters["W_m"] = weights(hidden, input_size), weights(hidden, input_size)
    parameters["gain_z"], parameters["bias_z"] = constant(1, input_size), constant(0, input_size)
    parameters["gain_m"] = constant(1)
    if noise == "gaussian":
        parameters["logVariance"] = constant(0)
    return parameters


@dataclasses.dataclass(frozen=True)
class Tagger:
    ops: typing.Any
    noise: str
    norm: str
    iterations: int
    initial_prediction: float
    #: The probability of a flipped bit, or the standard deviation of Gaussian noise.
    noise_level: float = 0.2

    def iterate(self, parameters, x, corrupted, logits):
        """The TAG loop. Returns the mean cost and, for each iteration, what it computed."""
        ops, p = self.ops, parameters
        log_m = ops.log_softmax(logits, 0)
        m = ops.exp(log_m)
        z = m * 0 + self.initial_prediction
        outputs, costs = [], []
        for _ in range(self.iterations):
            dz, likelihood = self.compare(p, corrupted, z, m)
            features = ops.concatenate([z, m, dz, likelihood], -1)
            h = ops.relu(self.normalize(features @ p["W_h"]) + p["b_h"])
            o = self.ladder(p, h)
            z = self.normalize(o @ p["W_z"]) * p["gain_z"] + p["bias_z"]
            z = ops.sigmoid(z) if self.noise == "bitflip" else z
            log_m = ops.log_softmax(self.normalize(o @ p["W_m"]) * p["gain_m"], 0)
            m = ops.exp(log_m)
            costs.append(self.cost(p, x, z, m, log_m))
            outputs.append({"dz": dz, "L": likelihood, "z": z, "m": m})
        return sum(costs) / self.iterations, outputs

    def compare(self, p, corrupted, z, m):
        """The modeling error dz and the assignment likelihood L."""
        ops = self.ops
        if self.noise == "bitflip":
            seen = z * (1 - 2 * self.noise_level) + self.noise_level
            likelihood = corrupted * seen + (1 - corrupted) * (1 - seen)
            error = m / ((seen * m).sum(0) - 1 + corrupted)
            return error, likelihood / likelihood.sum(0)
        log_likelihood = self.log_density(corrupted, z, ops.exp(p["logVariance"]) + self.noise_level**2)
        return (corrupted - z) * m * ops.exp(log_likelihood), ops.softmax(log_likelihood, 0)

    def cost(self, p, x, z, m, log_m):
        ops = self.ops
        if self.noise == "bitflip":
            q = (m * z).sum(0) * (1 - 2 * COST_EPSILON) + COST_EPSILON
            return ops.binary_cross_entropy(q, x)
        return -ops.logsumexp(log_m + self.log_density(x, z, ops.exp(p["logVariance"])), 0).mean()

    def log_density(self, x, mean, variance):
        return -0.5 * (self.ops.log(2 * math.pi * variance) + (x - mean) ** 2 / variance)

    def normalize(self, a):
        if self.norm == "layer":
            return self.ops.layer_norm(a, 1e-8)
        return self.ops.batch_norm(a.reshape(-1, a.shape[-1]), 1e-10).reshape(a.shape)

    def ladder(self, p, h):
        ops, levels = self.ops, sum(name.startswith("ladder/W_") for name in p)
        lateral, a = [h], h
        for l in range(1, levels + 1):
            s = self.normalize(a @ p[f"ladder/W_{l}"])
            lateral.append(s)
            shifted = s + p[f"ladder/b_{l}"]
            a = ops.relu(shifted) if l < levels else ops.softmax(p["ladder/c"] * shifted, -1)
        estimate = self.combine(p, levels, lateral[levels], self.normalize(a))
        for l in reversed(range(levels)):
            estimate = self.combine(p, l, lateral[l], self.normalize(estimate @ p[f"ladder/V_{l}"]))
        return estimate

    def combine(self, p, l, s, u):
        a1, a2, a3, a4, a5, a6, a7, a8, a9, a10 = (p[f"ladder/a{i}_{l}"] for i in range(1, 11))
        sigmoid = self.ops.sigmoid
        mu = a1 * sigmoid(a2 * u + a3) + a4 * u + a5
        gate = sigmoid(a6 * sigmoid(a7 * u + a8) + a9 * u + a10)
        return (s - mu) * gate + mu
