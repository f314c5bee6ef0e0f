"""The Tagger in idiomatic eager PyTorch: the peer that this project's speed is compared with.

docs/model.md has the mathematics. Tensors are [groups, batch, size]; parameters are a dictionary with the names of
saved models.
"""
import math

import torch
import torch.nn.functional as F

COST_EPSILON = 1e-4


def make_parameters(sizes, input_size, noise, generator):
    """Weights from N(0, 1 / fan-in), gains 1, biases 0."""

    def weights(rows, columns):
        return torch.randn(rows, columns, generator=generator) / math.sqrt(rows)

    hidden, top = sizes[0], len(sizes) - 1
    parameters = {"W_h": weights(4 * input_size, hidden), "b_h": torch.zeros(hidden)}
    for l, (below, size) in enumerate(zip(sizes, sizes[1:]), start=1):
        parameters[f"ladder/W_{l}"] = weights(below, size)
        parameters[f"ladder/b_{l}"] = torch.zeros(size)
        parameters[f"ladder/V_{l - 1}"] = weights(size, below)
    parameters["ladder/c"] = torch.ones(sizes[top])
    for l, size in enumerate(sizes):
        for i in range(1, 11):
            parameters[f"ladder/a{i}_{l}"] = torch.ones(size) if i in (2, 7) else torch.zeros(size)
    parameters["W_z"], parameters["W_m"] = weights(hidden, input_size), weights(hidden, input_size)
    parameters["gain_z"], parameters["bias_z"] = torch.ones(input_size), torch.zeros(input_size)
    parameters["gain_m"] = torch.ones(())
    if noise == "gaussian":
        parameters["logVariance"] = torch.zeros(())
    return parameters


class BitFlip:
    def __init__(self, probability=0.2):
        self.probability = probability

    def corrupt(self, x):
        return (x - (torch.rand_like(x) < self.probability).to(x.dtype)).abs()

    def compare(self, parameters, corrupted, z, m, log_m):
        """The modeling error dz and the assignment likelihood L."""
        seen = z * (1 - 2 * self.probability) + self.probability
        likelihood = corrupted * seen + (1 - corrupted) * (1 - seen)
        error = m / ((seen * m).sum(0) - 1 + corrupted)
        return error, likelihood / likelihood.sum(0)

    def activate(self, logits):
        return torch.sigmoid(logits)

    def cost(self, parameters, x, z, m, log_m):
        q = (m * z).sum(0) * (1 - 2 * COST_EPSILON) + COST_EPSILON
        return F.binary_cross_entropy(q, x)


class Gaussian:
    def __init__(self, std=0.2):
        self.std = std

    @staticmethod
    def log_density(x, mean, variance):
        return -0.5 * (torch.log(2 * math.pi * variance) + (x - mean) ** 2 / variance)

    def corrupt(self, x):
        return x + self.std * torch.randn_like(x)

    def compare(self, parameters, corrupted, z, m, log_m):
        log_likelihood = self.log_density(corrupted, z, parameters["logVariance"].exp() + self.std**2)
        error = (corrupted - z) * m * log_likelihood.exp()
        return error, torch.softmax(log_likelihood, 0)

    def activate(self, logits):
        return logits

    def cost(self, parameters, x, z, m, log_m):
        log_density = self.log_density(x, z, parameters["logVariance"].exp())
        return -torch.logsumexp(log_m + log_density, 0).mean()


def normalize(x, norm):
    if norm == "layer":
        return F.layer_norm(x, x.shape[-1:], eps=1e-8)
    rows = x.reshape(-1, x.shape[-1])
    return F.batch_norm(rows, None, None, training=True, eps=1e-10).reshape(x.shape)


def combinator(parameters, l, s, u):
    a1, a2, a3, a4, a5, a6, a7, a8, a9, a10 = (parameters[f"ladder/a{i}_{l}"] for i in range(1, 11))
    mu = a1 * torch.sigmoid(a2 * u + a3) + a4 * u + a5
    gate = torch.sigmoid(a6 * torch.sigmoid(a7 * u + a8) + a9 * u + a10)
    return (s - mu) * gate + mu


def ladder(parameters, h, levels, norm):
    lateral, a = [h], h
    for l in range(1, levels + 1):
        s = normalize(a @ parameters[f"ladder/W_{l}"], norm)
        lateral.append(s)
        shifted = s + parameters[f"ladder/b_{l}"]
        a = F.relu(shifted) if l < levels else torch.softmax(parameters["ladder/c"] * shifted, -1)
    estimate = combinator(parameters, levels, lateral[levels], normalize(a, norm))
    for l in reversed(range(levels)):
        u = normalize(estimate @ parameters[f"ladder/V_{l}"], norm)
        estimate = combinator(parameters, l, lateral[l], u)
    return estimate


def iterate(parameters, x, corrupted, logits, initial_prediction, levels, noise, norm, iterations):
    """The TAG loop. Returns the mean cost and, for each iteration, what it computed."""
    log_m = torch.log_softmax(logits, 0)
    m = log_m.exp()
    z = torch.full_like(logits, initial_prediction)
    outputs = []
    for _ in range(iterations):
        dz, likelihood = noise.compare(parameters, corrupted, z, m, log_m)
        features = torch.cat([z, m, dz, likelihood], -1)
        h = F.relu(normalize(features @ parameters["W_h"], norm) + parameters["b_h"])
        o = ladder(parameters, h, levels, norm)
        z = noise.activate(normalize(o @ parameters["W_z"], norm) * parameters["gain_z"] + parameters["bias_z"])
        log_m = torch.log_softmax(normalize(o @ parameters["W_m"], norm) * parameters["gain_m"], 0)
        m = log_m.exp()
        outputs.append({"dz": dz, "L": likelihood, "z": z, "m": m, "cost": noise.cost(parameters, x, z, m, log_m)})
    return torch.stack([output["cost"] for output in outputs]).mean(), outputs
