/** What the kernels' module exports; offsets and sizes in bytes, unsigned although they come as signed numbers. */
export interface KernelExports {
  /** Size of the control block. */
  readonly CONTROL_BYTES: WebAssembly.Global;
  /** Fills in a control block; the calling thread is one of the threads, and may sleep while it waits for others or not. */
  initialize(control: number, threads: number, mayWait: number): void;
  /** Makes every job from now on trap. */
  fail(control: number): void;

  packedBytes(rows: number, inner: number): number;
  stripBytes(inner: number, columns: number): number;
  matmul(
    control: number,
    rows: number,
    columns: number,
    inner: number,
    a: number,
    aStride: number,
    transposeA: number,
    b: number,
    bStride: number,
    transposeB: number,
    c: number,
    packed: number,
    scratch: number,
    scratchStride: number,
    stripRows: number,
    stripColumns: number,
  ): void;
  matmulFewRows(
    control: number,
    rows: number,
    columns: number,
    inner: number,
    a: number,
    aRow: number,
    aInner: number,
    b: number,
    c: number,
    stripColumns: number,
    scratch: number,
    scratchStride: number,
  ): void;
  packedColumnsBytes(columns: number, inner: number): number;
  packedFewRowsBytes(rows: number, inner: number): number;
  packColumns(control: number, columns: number, inner: number, b: number, packed: number): void;
  matmulPacked(
    control: number,
    rows: number,
    columns: number,
    inner: number,
    a: number,
    aRow: number,
    aInner: number,
    b: number,
    c: number,
    panels: number,
    packedA: number,
    scratch: number,
    scratchStride: number,
  ): void;

  normalizeRows(
    control: number,
    rows: number,
    columns: number,
    x: number,
    gain: number,
    gainIsScalar: number,
    bias: number,
    biasIsScalar: number,
    epsilon: number,
    relu: number,
    y: number,
    mean: number,
    inverseStd: number,
  ): void;
  normalizeRowsGradient(
    control: number,
    rows: number,
    columns: number,
    dy: number,
    dMean: number,
    dInverseStd: number,
    x: number,
    gain: number,
    gainIsScalar: number,
    relu: number,
    y: number,
    mean: number,
    inverseStd: number,
    dx: number,
    sumsFor: number,
    parts: number,
    sums: number,
  ): void;
  normalizeRowsGradientBytes(rows: number, columns: number): number;
  normalizeColumns(
    control: number,
    rows: number,
    columns: number,
    x: number,
    gain: number,
    gainIsScalar: number,
    bias: number,
    biasIsScalar: number,
    epsilon: number,
    relu: number,
    y: number,
    mean: number,
    inverseStd: number,
  ): void;
  normalizeColumnsGradient(
    control: number,
    rows: number,
    columns: number,
    dy: number,
    dMean: number,
    dInverseStd: number,
    x: number,
    gain: number,
    gainIsScalar: number,
    relu: number,
    y: number,
    mean: number,
    inverseStd: number,
    dx: number,
    sums: number,
  ): void;
  combinator(
    control: number,
    rows: number,
    columns: number,
    s: number,
    u: number,
    linear: number,
    out: number,
    scratch: number,
    scratchStride: number,
    a1: number,
    a2: number,
    a3: number,
    a4: number,
    a5: number,
    a6: number,
    a7: number,
    a8: number,
    a9: number,
    a10: number,
  ): void;
  combinatorGradient(
    control: number,
    rows: number,
    columns: number,
    dy: number,
    s: number,
    u: number,
    linear: number,
    ds: number,
    du: number,
    scratch: number,
    scratchStride: number,
    a1: number,
    a2: number,
    a3: number,
    a4: number,
    a5: number,
    a6: number,
    a7: number,
    a8: number,
    a9: number,
    a10: number,
    da1: number,
    da2: number,
    da3: number,
    da4: number,
    da5: number,
    da6: number,
    da7: number,
    da8: number,
    da9: number,
    da10: number,
  ): void;
  combinatorScratchBytes(): number;
  adamUpdate(
    control: number,
    size: number,
    parameter: number,
    gradient: number,
    m: number,
    v: number,
    newParameter: number,
    newM: number,
    newV: number,
    beta1: number,
    beta2: number,
    correction: number,
    epsilon: number,
    rate: number,
  ): void;
  copyRows(
    control: number,
    rows: number,
    bytes: number,
    from: number,
    fromStride: number,
    to: number,
    toStride: number,
  ): void;
  neighborhoods(
    control: number,
    pixels: number,
    rows: number,
    columns: number,
    channels: number,
    x: number,
    y: number,
  ): void;
  neighborhoodsGradient(
    control: number,
    pixels: number,
    rows: number,
    columns: number,
    channels: number,
    dy: number,
    dx: number,
  ): void;
  swapAxes(control: number, outer: number, a: number, b: number, inner: number, x: number, y: number): void;
  groupSoftmax(control: number, groups: number, size: number, x: number, m: number, logM: number): void;
  groupSoftmaxGradient(
    control: number,
    groups: number,
    size: number,
    dM: number,
    dLogM: number,
    m: number,
    dx: number,
  ): void;
  softmaxRows(control: number, rows: number, columns: number, x: number, y: number): void;
  softmaxRowsGradient(control: number, rows: number, columns: number, dy: number, y: number, dx: number): void;
  sigmoid(control: number, size: number, x: number, y: number): void;
  sigmoidGradient(control: number, size: number, dy: number, y: number, dx: number): void;
  relu(control: number, size: number, x: number, y: number): void;
  reluGradient(control: number, size: number, dy: number, y: number, dx: number): void;
  addBias(control: number, rows: number, columns: number, x: number, bias: number, rectified: number, y: number): void;
  biasScale(control: number, rows: number, columns: number, x: number, bias: number, gain: number, y: number): void;
  sumColumns(control: number, rows: number, columns: number, x: number, sum: number): void;
  biasReluGradient(
    control: number,
    rows: number,
    columns: number,
    dy: number,
    y: number,
    dx: number,
    dBias: number,
  ): void;
  biasScaleGradient(
    control: number,
    rows: number,
    columns: number,
    dy: number,
    x: number,
    bias: number,
    gain: number,
    dx: number,
    dBias: number,
    dGain: number,
  ): void;
  sumOfSquares(control: number, size: number, x: number, parts: number, sum: number): void;
  sumOfSquaresBytes(size: number): number;
  bitflipLikelihood(
    control: number,
    groups: number,
    size: number,
    probability: number,
    x: number,
    z: number,
    likelihood: number,
  ): void;
  bitflipLikelihoodGradient(
    control: number,
    groups: number,
    size: number,
    probability: number,
    dy: number,
    x: number,
    z: number,
    likelihood: number,
    dz: number,
  ): void;
  bitflipModelingError(
    control: number,
    groups: number,
    size: number,
    probability: number,
    x: number,
    z: number,
    m: number,
    error: number,
  ): void;
  bitflipModelingErrorGradient(
    control: number,
    groups: number,
    size: number,
    probability: number,
    dy: number,
    x: number,
    z: number,
    m: number,
    error: number,
    dz: number,
    dm: number,
  ): void;
  bitflipCost(
    control: number,
    groups: number,
    size: number,
    epsilon: number,
    x: number,
    z: number,
    m: number,
    parts: number,
    cost: number,
  ): void;
  bitflipCostGradient(
    control: number,
    groups: number,
    size: number,
    epsilon: number,
    dy: number,
    x: number,
    z: number,
    m: number,
    dz: number,
    dm: number,
  ): void;
  bitflipCostBytes(groups: number, size: number): number;
  gaussianLikelihood(
    control: number,
    groups: number,
    size: number,
    variance: number,
    x: number,
    z: number,
    likelihood: number,
  ): void;
  gaussianLikelihoodGradient(
    control: number,
    groups: number,
    size: number,
    variance: number,
    learned: number,
    dy: number,
    x: number,
    z: number,
    likelihood: number,
    dz: number,
    parts: number,
    dLogVariance: number,
  ): void;
  gaussianAlgorithmError(
    control: number,
    groups: number,
    size: number,
    variance: number,
    x: number,
    z: number,
    m: number,
    error: number,
  ): void;
  gaussianAlgorithmErrorGradient(
    control: number,
    groups: number,
    size: number,
    variance: number,
    learned: number,
    dy: number,
    x: number,
    z: number,
    m: number,
    dz: number,
    dm: number,
    parts: number,
    dLogVariance: number,
  ): void;
  gaussianExactError(
    control: number,
    groups: number,
    size: number,
    variance: number,
    x: number,
    z: number,
    logM: number,
    error: number,
  ): void;
  gaussianExactErrorGradient(
    control: number,
    groups: number,
    size: number,
    variance: number,
    learned: number,
    dy: number,
    x: number,
    z: number,
    logM: number,
    dz: number,
    dLogM: number,
    parts: number,
    dLogVariance: number,
  ): void;
  gaussianResidualError(
    control: number,
    groups: number,
    size: number,
    x: number,
    z: number,
    m: number,
    error: number,
  ): void;
  gaussianResidualErrorGradient(
    control: number,
    groups: number,
    size: number,
    dy: number,
    x: number,
    z: number,
    m: number,
    dz: number,
    dm: number,
  ): void;
  gaussianCost(
    control: number,
    groups: number,
    size: number,
    variance: number,
    constant: number,
    x: number,
    z: number,
    logM: number,
    parts: number,
    cost: number,
  ): void;
  gaussianCostGradient(
    control: number,
    groups: number,
    size: number,
    variance: number,
    dy: number,
    x: number,
    z: number,
    logM: number,
    dz: number,
    dLogM: number,
    parts: number,
    dLogVariance: number,
  ): void;
  gaussianPartsBytes(groups: number, size: number): number;
  sumVector(at: number, count: number): number;
}
