"""Writes object-discovery.json: the measures of object discovery, computed by scikit-learn and numpy.

Install: pip install numpy scikit-learn
Run: python tools/testing/golden/object-discovery.py

In `truth`, 0 is the background and 255 is ignored. The adjusted Rand index and the adjusted mutual information are those
of scikit-learn; the overlaps are its Jaccard scores of pairs of masks.
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score, jaccard_score

BACKGROUND, IGNORED = 0, 255


def best_overlaps(truth, predicted, segments):
    return [max(jaccard_score(truth == s, predicted == g) for g in np.unique(predicted)) for s in segments]


def measure(name, truth, predicted):
    truth, predicted = np.asarray(truth), np.asarray(predicted)
    scored = truth != IGNORED
    t, p = truth[scored], predicted[scored]
    foreground = t != BACKGROUND
    segments = np.unique(t)
    objects = segments[segments != BACKGROUND]
    return {
        "name": name,
        "truth": truth.tolist(),
        "predicted": predicted.tolist(),
        "ari": adjusted_rand_score(t, p),
        "ariForeground": adjusted_rand_score(t[foreground], p[foreground]),
        "amiForeground": adjusted_mutual_info_score(t[foreground], p[foreground], average_method="max"),
        "mbo": float(np.mean(best_overlaps(t, p, objects))),
        "msc": float(np.mean(best_overlaps(t, p, segments))),
    }


def blocks(rng, rows, columns, objects):
    """Rectangles on a background, later ones in front."""
    truth = np.full((rows, columns), BACKGROUND)
    for number in range(1, objects + 1):
        top, left = rng.integers(rows - 2), rng.integers(columns - 2)
        truth[top : top + rng.integers(2, rows), left : left + rng.integers(2, columns)] = number
    return truth


def cases():
    rng = np.random.default_rng(20161130)
    scene = np.array([0, 0, 0, 1, 1, 0, 2, 2, 2, 0])
    yield "the truth", scene, scene
    yield "the truth, renamed", scene, 7 - scene
    yield "one group", scene, np.zeros_like(scene)
    yield "a group for each element", scene, np.arange(10)
    yield "objects found, background split among them", scene, np.array([1, 1, 2, 1, 1, 2, 2, 2, 2, 1])
    yield "objects merged", scene, np.array([0, 0, 0, 1, 1, 0, 1, 1, 1, 0])
    yield "ignored elements", np.array([0, 0, 255, 1, 1, 255, 2, 2, 255, 0]), np.array([0, 0, 1, 1, 1, 2, 2, 2, 2, 0])
    yield "no background", np.array([1, 1, 2, 2, 2]), np.array([0, 0, 1, 1, 0])
    for count in range(24):
        truth = blocks(rng, 8, 9, 1 + count % 5)
        predicted = rng.permutation(10)[truth]
        noisy = rng.random(truth.shape) < (count % 4) / 5
        predicted[noisy] = rng.integers(0, 2 + count % 6, noisy.sum())
        if count % 3 == 0:
            truth[rng.random(truth.shape) < 0.1] = IGNORED
        yield f"random {count}", truth.ravel(), predicted.ravel()


if __name__ == "__main__":
    vectors = {
        "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
        "cases": [measure(*case) for case in cases()],
    }
    path = Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(vectors) + "\n")
    print(f"{path.name}: {len(vectors['cases'])} cases, {vectors['versions']}")
