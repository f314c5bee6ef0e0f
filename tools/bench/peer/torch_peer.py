"""The peer in PyTorch: eager or compiled, in float32 or with bfloat16 autocast."""
import os
import sys
import types

import peer

ARGUMENTS = peer.read_arguments(precision=["float32", "bfloat16"], mode=["eager", "compiled"])
SETTINGS = ARGUMENTS.settings
# Compiling takes minutes. Keeps the result in the virtual environment.
os.environ.setdefault("TORCHINDUCTOR_CACHE_DIR", f"{sys.prefix}/inductor")

import torch
import torch.nn.functional as F

#: A bfloat16 number has 8 bits, and errors add up over three iterations; the largest measured one is 0.036.
BFLOAT16_ERROR = 0.05


def widened(a):
    """In bfloat16, probabilities of the groups add up to more than 1, which the cost refuses."""
    return a.float() if a.dtype == torch.bfloat16 else a


OPS = types.SimpleNamespace(
    exp=torch.exp, log=torch.log, relu=F.relu, softmax=torch.softmax,
    sigmoid=lambda a: torch.sigmoid(widened(a)),
    log_softmax=lambda a, dim: torch.log_softmax(widened(a), dim),
    logsumexp=torch.logsumexp, concatenate=torch.cat,
    layer_norm=lambda a, eps: F.layer_norm(a, a.shape[-1:], eps=eps),
    batch_norm=lambda a, eps: F.batch_norm(a, None, None, training=True, eps=eps),
    binary_cross_entropy=F.binary_cross_entropy,
)


def build(function, precision=ARGUMENTS.precision, mode=ARGUMENTS.mode):
    def cast(*inputs):
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bfloat16"):
            return function(*inputs)

    return torch.compile(cast, dynamic=False) if mode == "compiled" else cast


def check(dtype, largest_error, **how):
    def run(tagger, parameters, *inputs):
        for parameter in parameters.values():
            parameter.requires_grad_(True)
        cost, outputs = build(tagger.iterate, **how)(parameters, *inputs)
        gradients = torch.autograd.grad(cost, list(parameters.values()))
        plain = lambda tensor: tensor.detach().double().numpy()
        return (
            plain(cost),
            [{key: plain(value) for key, value in output.items()} for output in outputs],
            {key: plain(gradient) for key, gradient in zip(parameters, gradients)},
        )

    peer.check_golden(OPS, SETTINGS, run, lambda array: torch.tensor(array, dtype=dtype), largest_error=largest_error)


def make_step():
    tagger = peer.tagger_of(OPS, SETTINGS)
    parameters, x = peer.first_state(SETTINGS)
    parameters = {name: torch.from_numpy(value) for name, value in parameters.items()}
    x = torch.from_numpy(x)
    cost_of = build(lambda *inputs: tagger.iterate(parameters, x, *inputs)[0])
    logits = lambda: torch.randn(SETTINGS["groups"], *x.shape)
    if SETTINGS["task"] == "inference":
        return torch.inference_mode()(lambda: cost_of(x, logits()).item())

    for parameter in parameters.values():
        parameter.requires_grad_(True)
    adam = torch.optim.Adam(parameters.values(), lr=4e-4, fused=True)

    def corrupt():
        if tagger.noise == "bitflip":
            return (x - (torch.rand_like(x) < tagger.noise_level).to(x.dtype)).abs()
        return x + tagger.noise_level * torch.randn_like(x)

    def step():
        cost = cost_of(corrupt(), logits())
        adam.zero_grad()
        cost.backward()
        adam.step()
        return cost.item()

    return step


torch.set_num_threads(ARGUMENTS.threads)
check(torch.float64, peer.FLOAT64_ERROR, precision="float32", mode="eager")
check(torch.float32, BFLOAT16_ERROR if ARGUMENTS.precision == "bfloat16" else peer.FLOAT32_ERROR)
how = f"{ARGUMENTS.mode}, {ARGUMENTS.precision}{' autocast' if ARGUMENTS.precision == 'bfloat16' else ''}"
peer.answer(f"PyTorch {torch.__version__}, {how}", SETTINGS, make_step())
