"""Runs a training step or an inference of the Tagger in PyTorch for every input line, and prints one JSON line.

    echo step | python3 step.py --sizes 500,250,125 --input 400 --threads 2

Needs PyTorch: `apt-get install python3-torch libopenblas0` on Debian, or `pip install torch`.
"""
import argparse
import json
import os
import statistics
import sys
import time


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="2000,1000,500", help="hidden size, then the Ladder's")
    parser.add_argument("--input", type=int, default=400)
    parser.add_argument("--noise", choices=["bitflip", "gaussian"], default="bitflip")
    parser.add_argument("--norm", choices=["layer", "batch"], default="layer")
    parser.add_argument("--groups", type=int, default=4)
    parser.add_argument("--iterations", type=int, default=3)
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--task", choices=["training", "inference"], default="training")
    return parser.parse_args()


ARGUMENTS = arguments()
# Read when the libraries are loaded. torch.set_num_threads() does not reach every BLAS.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = str(ARGUMENTS.threads)
try:
    import torch
except ImportError:
    sys.exit(
        f"{sys.executable} has no PyTorch. Install it (`apt-get install python3-torch libopenblas0` on Debian, then use "
        "/usr/bin/python3; or `pip install torch`), or leave this peer out."
    )

from golden_check import check
from tagger import BitFlip, Gaussian, iterate, make_parameters

# The reference BLAS, which Debian installs by default, reaches 5; OpenBLAS ten to thirty times that.
SLOW_PRODUCT_GFLOPS = 10


def product_gflops():
    """The speed of a product of the model's size, best of ten: tells a reference BLAS from an optimized one."""
    a, b = torch.randn(400, 2000), torch.randn(2000, 1000)
    best = min(timed(lambda: a @ b)[0] for _ in range(10))
    return 2 * 400 * 2000 * 1000 / best / 1e6


def timed(action):
    started = time.perf_counter()
    result = action()
    return 1e3 * (time.perf_counter() - started), result


def median_timed(action):
    """The median of at least five runs and 60 milliseconds, after one that does not count, as the variants measure."""
    action()
    times = []
    while len(times) < 5 or sum(times) < 60:
        milliseconds, result = timed(action)
        times.append(milliseconds)
    return statistics.median(times), result


def blas():
    """The file name of the matrix product library in use; "" if it is part of PyTorch or unknown."""
    try:
        with open("/proc/self/maps") as maps:
            files = {os.path.realpath(line.split()[-1]) for line in maps if "/" in line}
    except OSError:
        return ""
    names = sorted(os.path.basename(file) for file in files)
    for library in ("libopenblas", "libblis", "libmkl_core", "libblas"):
        found = [name for name in names if name.startswith(library)]
        if found:
            return found[0]
    return ""


def peak_rss_mib():
    """The largest resident set so far; null if the system does not report it."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        return None


def make_runner():
    generator = torch.Generator().manual_seed(1)
    sizes = [int(size) for size in ARGUMENTS.sizes.split(",")]
    training = ARGUMENTS.task == "training"
    noise = BitFlip() if ARGUMENTS.noise == "bitflip" else Gaussian()
    parameters = make_parameters(sizes, ARGUMENTS.input, ARGUMENTS.noise, generator)
    x = torch.rand(ARGUMENTS.batch, ARGUMENTS.input, generator=generator)
    if ARGUMENTS.noise == "bitflip":
        x = (x < 0.28).float()

    def forward(corrupted):
        logits = torch.randn(ARGUMENTS.groups, ARGUMENTS.batch, ARGUMENTS.input)
        return iterate(parameters, x, corrupted, logits, 0.28, len(sizes) - 1, noise, ARGUMENTS.norm, ARGUMENTS.iterations)[0]

    if not training:
        def infer():
            with torch.no_grad():
                return forward(x).item()
        return infer

    for parameter in parameters.values():
        parameter.requires_grad_(True)
    adam = torch.optim.Adam(parameters.values(), lr=4e-4)

    def step():
        cost = forward(noise.corrupt(x))
        adam.zero_grad(set_to_none=True)
        cost.backward()
        adam.step()
        return cost.item()
    return step


def main():
    torch.set_num_threads(ARGUMENTS.threads)
    check(ARGUMENTS.noise, ARGUMENTS.norm)
    gflops = product_gflops()
    if gflops < SLOW_PRODUCT_GFLOPS:
        print(f"warning: this PyTorch's matrix products reach {gflops:.0f} GFLOP/s, as with the reference BLAS. Install "
              "another: `apt-get install libopenblas0`.", file=sys.stderr)
    run = make_runner()
    details = [f"PyTorch {torch.__version__}", blas(), f"products at {gflops:.0f} GFLOP/s"]
    print(json.dumps({"ready": ", ".join(detail for detail in details if detail)}), flush=True)
    for line in sys.stdin:
        if line.strip() == "":
            continue
        milliseconds, cost = timed(run) if ARGUMENTS.task == "training" else median_timed(run)
        print(json.dumps({"milliseconds": milliseconds, "cost": cost, "peakRssMiB": peak_rss_mib()}), flush=True)


if __name__ == "__main__":
    main()
