"""Slot Attention (Locatello et al., "Object-Centric Learning with Slot Attention", NeurIPS 2020), trained on images of ours.

    tagger data tetrominoes --out tetrominoes.npz
    python slot_attention.py --data tetrominoes.npz --out run --minutes 30 --threads 2

The autoencoder that the paper describes for Tetrominoes and Multi-dSprites: a convolutional encoder with a position embedding,
three iterations of attention among the slots, a spatial broadcast decoder, and the mean squared error. The schedule has the
proportions of the paper: warm-up for a fiftieth of the steps, and half the learning rate after each fifth of them.

`run/metrics.jsonl` gets a line per evaluation, on test images with the measures of @taggerjs/metrics. A run that stops, also
by SIGTERM, continues with the same command; it then computes what it would have computed without the stop.
"""
import argparse
import json
import math
import os
import pathlib
import signal
import time


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", required=True, help="file that `tagger data` wrote")
    parser.add_argument("--out", required=True, help="folder of the run")
    parser.add_argument("--minutes", type=float, default=math.inf, help="train for at most this long")
    parser.add_argument("--steps", type=int, default=500_000, help="steps of the schedule (default: those of the paper)")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--slots", type=int, default=4)
    parser.add_argument("--learning-rate", type=float, default=4e-4)
    parser.add_argument("--evaluate-every", type=int, default=1000, help="steps between evaluations")
    parser.add_argument("--examples", type=int, default=1000, help="test images of an evaluation during training")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


ARGUMENTS = read_arguments()
os.environ["OMP_NUM_THREADS"] = str(ARGUMENTS.threads)

import numpy
import torch
import torch.nn.functional as F
from torch import nn

from segmentation_measures import IGNORED, adjusted_mutual_information, adjusted_rand_index

CHANNELS, SLOT, HIDDEN, ITERATIONS, KERNEL, EPSILON = 32, 64, 128, 3, 5, 1e-8
#: Images of an evaluation that are decoded at a time.
AT_A_TIME = 50


def convolution(inputs, outputs, kernel=KERNEL):
    return nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2)


class PositionEmbedding(nn.Module):
    """A linear map of the distances to the four sides: [channels, rows, columns]."""

    def __init__(self, channels, rows, columns):
        super().__init__()
        y, x = torch.meshgrid(torch.linspace(0, 1, rows), torch.linspace(0, 1, columns), indexing="ij")
        self.register_buffer("distances", torch.stack([y, x, 1 - y, 1 - x], -1), persistent=False)
        self.project = nn.Linear(4, channels)

    def forward(self):
        return self.project(self.distances).permute(2, 0, 1)


class SlotAttention(nn.Module):
    """Algorithm 1: slots compete for the inputs [batch, inputs, channels], and become [batch, slots, SLOT]."""

    def __init__(self, channels):
        super().__init__()
        self.mean, self.log_deviation = (nn.Parameter(torch.empty(1, 1, SLOT)) for _ in range(2))
        self.norm_inputs, self.norm_slots, self.norm_hidden = nn.LayerNorm(channels), nn.LayerNorm(SLOT), nn.LayerNorm(SLOT)
        self.key, self.value = nn.Linear(channels, SLOT, bias=False), nn.Linear(channels, SLOT, bias=False)
        self.query = nn.Linear(SLOT, SLOT, bias=False)
        self.gru = nn.GRUCell(SLOT, SLOT)
        self.mlp = nn.Sequential(nn.Linear(SLOT, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, SLOT))

    def forward(self, inputs, noise):
        inputs = self.norm_inputs(inputs)
        keys, values = self.key(inputs) * SLOT**-0.5, self.value(inputs)
        slots = self.mean + self.log_deviation.exp() * noise
        for _ in range(ITERATIONS):
            # [batch, slots, inputs]: a distribution over the slots for each input, then a mean over inputs for each slot.
            attention = (self.query(self.norm_slots(slots)) @ keys.mT).softmax(1) + EPSILON
            updates = (attention / attention.sum(-1, keepdim=True)) @ values
            slots = self.gru(updates.flatten(0, 1), slots.flatten(0, 1)).view_as(slots)
            slots = slots + self.mlp(self.norm_hidden(slots))
        return slots


class Autoencoder(nn.Module):
    def __init__(self, channels, rows, columns):
        super().__init__()
        sizes = [channels, *[CHANNELS] * 4]
        self.encoder = nn.ModuleList(convolution(*pair) for pair in zip(sizes, sizes[1:]))
        self.encoder_position = PositionEmbedding(CHANNELS, rows, columns)
        self.encoder_mlp = nn.Sequential(
            nn.LayerNorm(CHANNELS), nn.Linear(CHANNELS, CHANNELS), nn.ReLU(), nn.Linear(CHANNELS, CHANNELS)
        )
        self.attention = SlotAttention(CHANNELS)
        self.decoder_position = PositionEmbedding(SLOT, rows, columns)
        self.broadcast = convolution(SLOT, CHANNELS)
        self.decoder = nn.ModuleList([convolution(CHANNELS, CHANNELS), convolution(CHANNELS, CHANNELS)])
        self.output = convolution(CHANNELS, channels + 1, 3)
        for name, parameter in self.named_parameters():
            if parameter.dim() > 1:
                nn.init.xavier_uniform_(parameter)
            elif name.endswith("bias") or ".bias_" in name:
                nn.init.zeros_(parameter)

    def forward(self, images, noise):
        """The reconstruction [batch, channels, rows, columns], and each slot's share of a pixel [batch, slots, rows, columns]."""
        features = images
        for layer in self.encoder:
            features = layer(features).relu()
        features = features + self.encoder_position()
        slots = self.attention(self.encoder_mlp(features.flatten(2).mT), noise)
        batch, count, _ = slots.shape
        decoded = self.broadcast_slots(slots.flatten(0, 1)).relu()
        for layer in self.decoder:
            decoded = layer(decoded).relu()
        decoded = self.output(decoded).unflatten(0, (batch, count))
        masks = decoded[:, :, -1:].softmax(1)
        return (decoded[:, :, :-1] * masks).sum(1), masks[:, :, 0]

    def broadcast_slots(self, slots):
        """
        The decoder's first convolution, of the slots [n, SLOT] at every pixel plus the position embedding.

        The part of the slots differs only near the border: an image of KERNEL x KERNEL pixels has all its values. This saves two
        fifths of a step's multiply-adds.
        """
        position = self.decoder_position()
        values = self.broadcast(slots[:, :, None, None].expand(-1, -1, KERNEL, KERNEL))
        near = KERNEL // 2
        for dim in (2, 3):
            # The middle one of KERNEL rows, then columns, is that of all pixels far from the border.
            first, middle, last = values.split([near, 1, near], dim)
            sizes = [position.shape[dim - 1] - 2 * near if d == dim else -1 for d in range(4)]
            values = torch.cat([first, middle.expand(sizes), last], dim)
        return values + F.conv2d(position[None], self.broadcast.weight, padding=near)


class Images:
    """A split of the file: images in [-1, 1] as [n, channels, rows, columns], true segments and the background."""

    def __init__(self, arrays, split):
        self.inputs = arrays[f"{split}_inputs"]
        self.segments, self.background = (arrays.get(f"{split}_{name}") for name in ("segments", "background"))
        if self.inputs.ndim == 3:
            self.inputs = self.inputs[..., None]
        self.rows, self.columns, self.channels = self.inputs.shape[1:]

    def __len__(self):
        return len(self.inputs)

    def read(self, indices):
        images = torch.from_numpy(self.inputs[indices].astype("float32") * 2 - 1)
        return images.permute(0, 3, 1, 2)


def slot_noise(stream, index, batch):
    """Normal numbers that depend only on the seed, the stream and the index, so that a run resumes without their history."""
    seed = numpy.random.SeedSequence([ARGUMENTS.seed, stream, index]).generate_state(1, "uint64")[0] >> 1
    return torch.randn(batch, ARGUMENTS.slots, SLOT, generator=torch.Generator().manual_seed(int(seed)))


def batch_at(step, size):
    """Indices of a step's images: each epoch goes through all in another order, and drops the incomplete batch."""
    epoch, at = divmod(step, size // ARGUMENTS.batch)
    order = numpy.random.default_rng([ARGUMENTS.seed, epoch]).permutation(size)
    return numpy.sort(order[at * ARGUMENTS.batch : (at + 1) * ARGUMENTS.batch])


def learning_rate(step):
    warm_up = min(1, (step + 1) / max(1, ARGUMENTS.steps / 50))
    return ARGUMENTS.learning_rate * warm_up * 0.5 ** (step / (ARGUMENTS.steps / 5))


@torch.inference_mode()
def evaluate(model, images, examples):
    """Means over the first `examples` images. A pixel belongs to the slot with the largest share."""
    count = min(examples, len(images))
    sums = {"cost": 0.0, "ami": 0.0, "ari": 0.0, "ariForeground": 0.0}
    for first in range(0, count, AT_A_TIME):
        indices = numpy.arange(first, min(first + AT_A_TIME, count))
        inputs = images.read(indices)
        output, masks = model(inputs, slot_noise(1, first, len(indices)))
        sums["cost"] += F.mse_loss(output, inputs).item() * len(indices)
        predicted = masks.argmax(1).flatten(1).numpy()
        truth = images.segments[indices].reshape(len(indices), -1).astype("int64")
        background = images.background[indices].reshape(len(indices), -1) == 1
        for one, own, behind in zip(truth, predicted, background):
            # As `tagger evaluate`: the AMI counts the true segments of the file, the ARI the background as one of them.
            sums["ami"] += adjusted_mutual_information(one, own)
            sums["ari"] += adjusted_rand_index(numpy.where(behind, IGNORED + 1, one), own)
            sums["ariForeground"] += adjusted_rand_index(one, own, behind)
    return {"examples": count, **{name: total / count for name, total in sums.items()}}


def main():
    torch.set_num_threads(ARGUMENTS.threads)
    torch.manual_seed(ARGUMENTS.seed)
    with numpy.load(ARGUMENTS.data) as file:
        arrays = {name: file[name] for name in file.files if not name.startswith("validation")}
    train, test = Images(arrays, "train"), Images(arrays, "test")
    if test.background is None:
        raise SystemExit(f"{ARGUMENTS.data} does not say what is background: it has no array test_background.")
    model = Autoencoder(train.channels, train.rows, train.columns).to(memory_format=torch.channels_last)
    adam = torch.optim.Adam(model.parameters(), lr=ARGUMENTS.learning_rate)

    folder = pathlib.Path(ARGUMENTS.out)
    folder.mkdir(parents=True, exist_ok=True)
    checkpoint = folder / "checkpoint.pt"
    # Options that change what the remaining steps compute.
    fixed = {name: vars(ARGUMENTS)[name] for name in ("steps", "batch", "slots", "learning_rate", "seed")}
    step, seconds, cpu_seconds = 0, 0.0, 0.0
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True)
        if saved["options"] != fixed:
            raise SystemExit(f"{folder} has a run with {saved['options']}, not {fixed}. Use another folder, or these options.")
        model.load_state_dict(saved["model"])
        adam.load_state_dict(saved["adam"])
        step, seconds, cpu_seconds = saved["step"], saved["seconds"], saved["cpu_seconds"]

    stopped = []
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopped.append(True))

    def save():
        state = {"model": model.state_dict(), "adam": adam.state_dict(), "options": fixed}
        torch.save({**state, "step": step, "seconds": seconds, "cpu_seconds": cpu_seconds}, checkpoint.with_suffix(".new"))
        checkpoint.with_suffix(".new").replace(checkpoint)

    def report(examples):
        times = {"seconds": round(seconds, 1), "cpuSeconds": round(cpu_seconds, 1)}
        line = json.dumps({"step": step, **times, "trainingCost": cost, **evaluate(model, test, examples)})
        print(line, flush=True)
        with open(folder / "metrics.jsonl", "a") as file:
            file.write(line + "\n")

    cost = None
    while step < ARGUMENTS.steps and seconds < 60 * ARGUMENTS.minutes and not stopped:
        started, cpu_started = time.perf_counter(), time.process_time()
        for group in adam.param_groups:
            group["lr"] = learning_rate(step)
        images = train.read(batch_at(step, len(train)))
        loss = F.mse_loss(model(images, slot_noise(0, step, len(images)))[0], images)
        adam.zero_grad()
        loss.backward()
        adam.step()
        cost = loss.item()
        if not math.isfinite(cost):
            raise SystemExit(f"The cost is {cost} after {step} steps.")
        step += 1
        seconds += time.perf_counter() - started
        cpu_seconds += time.process_time() - cpu_started
        if step % ARGUMENTS.evaluate_every == 0:
            save()
            report(ARGUMENTS.examples)
    save()
    if not stopped:
        report(len(test))


if __name__ == "__main__":
    main()
