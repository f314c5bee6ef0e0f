"""The measures of a segmentation, as @taggerjs/metrics defines them: for peers in Python.

`truth` and `predicted` are arrays of nonnegative whole numbers; equal numbers are one segment. An empty one counts as found.
"""
import numpy
from scipy.special import gammaln

#: A true segment that no measure counts.
IGNORED = 255


def contingency(truth, predicted):
    """Counts of the elements in each pair of a true segment (rows) and a predicted one (columns), without empty ones."""
    columns = int(predicted.max(initial=0)) + 1
    rows = int(truth.max(initial=0)) + 1
    table = numpy.bincount(truth * columns + predicted, minlength=rows * columns).reshape(rows, columns)
    return table[table.any(1)][:, table.any(0)].astype("float64")


def adjusted_rand_index(truth, predicted, background=None):
    """The adjusted Rand index (Hubert and Arabie, 1985); with `background`, a mask, of the other elements only: ARI-FG."""
    counted = truth != IGNORED if background is None else (truth != IGNORED) & ~background
    table = contingency(truth[counted], predicted[counted])
    pairs = lambda counts: (counts * (counts - 1)).sum()
    both, in_truth, in_predicted, total = pairs(table), pairs(table.sum(1)), pairs(table.sum(0)), pairs(table.sum())
    fn, fp = in_truth - both, in_predicted - both
    if fn == 0 and fp == 0:
        return 1.0
    tn = total - both - fn - fp
    return 2 * (both * tn - fn * fp) / ((both + fn) * (fn + tn) + (both + fp) * (fp + tn))


def adjusted_mutual_information(truth, predicted):
    """The adjusted mutual information, normalized by the larger entropy (Vinh et al., 2010)."""
    counted = truth != IGNORED
    table = contingency(truth[counted], predicted[counted])
    if table.size == 0 or ((table > 0).sum(0) == 1).all() and ((table > 0).sum(1) == 1).all():
        return 1.0
    if 1 in table.shape:
        return 0.0
    n, a, b = table.sum(), table.sum(1), table.sum(0)
    information = lambda count, products: (count / n * numpy.log(n * count / products)).sum()
    i, j = table.nonzero()
    observed = information(table[i, j], a[i] * b[j])
    expected = sum(expected_term(n, rows, columns) for rows in a for columns in b)
    entropy = max(-(sizes / n * numpy.log(sizes / n)).sum() for sizes in (a, b))
    return min(1.0, (observed - expected) / (entropy - expected))


def expected_term(n, a, b):
    """The share of two segments of `a` and `b` elements in the expected mutual information: hypergeometric counts."""
    count = numpy.arange(max(1, a + b - n), min(a, b) + 1)
    f = lambda x: gammaln(x + 1)
    probability = numpy.exp(
        f(a) + f(b) + f(n - a) + f(n - b) - f(n) - f(count) - f(a - count) - f(b - count) - f(n - a - b + count)
    )
    return (count / n * numpy.log(n * count / (a * b)) * probability).sum()
