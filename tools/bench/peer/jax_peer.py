"""The peer in JAX: one compiled function for each step, with Optax's Adam."""
import functools
import types

import peer

ARGUMENTS = peer.read_arguments()
SETTINGS = ARGUMENTS.settings

import jax
import jax.numpy as jnp
import optax


def normalize(axis):
    def apply(a, eps):
        mean = a.mean(axis, keepdims=True)
        centered = a - mean
        return centered * jax.lax.rsqrt((centered**2).mean(axis, keepdims=True) + eps)

    return apply


OPS = types.SimpleNamespace(
    exp=jnp.exp, log=jnp.log, sigmoid=jax.nn.sigmoid, relu=jax.nn.relu, softmax=jax.nn.softmax,
    log_softmax=jax.nn.log_softmax, logsumexp=jax.nn.logsumexp, concatenate=jnp.concatenate,
    layer_norm=normalize(-1), batch_norm=normalize(0),
    binary_cross_entropy=lambda q, x: -(x * jnp.log(q) + (1 - x) * jnp.log(1 - q)).mean(),
)


def check(dtype, largest_error):
    def run(tagger, *arguments):
        (cost, outputs), gradients = jax.jit(jax.value_and_grad(tagger.iterate, has_aux=True))(*arguments)
        return cost, outputs, gradients

    peer.check_golden(OPS, SETTINGS, run, lambda array: jnp.array(array, dtype), largest_error=largest_error)


def make_step():
    tagger = peer.tagger_of(OPS, SETTINGS)
    parameters, x = jax.tree.map(jnp.array, peer.first_state(SETTINGS))
    key = jax.random.key(1)
    cost_of = lambda parameters, corrupted, key: tagger.iterate(
        parameters, x, corrupted, jax.random.normal(key, (SETTINGS["groups"], *x.shape))
    )[0]
    if SETTINGS["task"] == "inference":
        infer = jax.jit(cost_of)
        return lambda: infer(parameters, x, key).item()

    adam = optax.adam(4e-4)

    def corrupt(key):
        if tagger.noise == "bitflip":
            return jnp.abs(x - jax.random.bernoulli(key, tagger.noise_level, x.shape))
        return x + tagger.noise_level * jax.random.normal(key, x.shape)

    @functools.partial(jax.jit, donate_argnums=0)
    def update(state):
        parameters, moments, key = state
        key, for_noise, for_logits = jax.random.split(key, 3)
        cost, gradients = jax.value_and_grad(cost_of)(parameters, corrupt(for_noise), for_logits)
        updates, moments = adam.update(gradients, moments)
        return (optax.apply_updates(parameters, updates), moments, key), cost

    state = (parameters, adam.init(parameters), key)

    def step():
        nonlocal state
        state, cost = update(state)
        return jax.block_until_ready((cost, state))[0].item()

    return step


with jax.enable_x64(True):
    check(jnp.float64, peer.FLOAT64_ERROR)
check(jnp.float32, peer.FLOAT32_ERROR)
peer.answer(f"JAX {jax.__version__}, jit, float32", SETTINGS, make_step())
