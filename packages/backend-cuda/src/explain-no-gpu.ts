import { SETUP_COMMAND, type NoGpuFacts } from '@taggerjs/backend-tensorflow/gpu';

/** Error codes of the CUDA driver that users can act on. */
const CUDA_ERROR_NO_DEVICE = 100;
const CUDA_ERROR_SYSTEM_DRIVER_MISMATCH = 803;
const CUDA_ERROR_UNKNOWN = 999;

/**
 * Why there is no GPU, and what to do: the first obstacle among the build of TensorFlow, the driver, the GPU and CUDA's
 * libraries. Without a period at the end.
 */
export function explainNoGpu(facts: NoGpuFacts): string {
  const { tensorflow, cuda, driver, missingLibraries, device, visibleDevices } = facts;
  if (cuda === undefined) {
    return (
      `the installed TensorFlow ${tensorflow} was built without CUDA. Install the one with CUDA: ` +
      `\`${SETUP_COMMAND} --cuda\``
    );
  }
  if ('missing' in driver) {
    return `NVIDIA's driver is not installed, or not visible in this container (${driver.missing})`;
  }
  const hidden =
    visibleDevices === undefined
      ? ''
      : ` The environment variable CUDA_VISIBLE_DEVICES is '${visibleDevices}'; it hides other GPUs`;
  if (driver.error === CUDA_ERROR_NO_DEVICE || (driver.error === 0 && driver.gpus.length === 0)) {
    return `NVIDIA's driver finds no GPU.${hidden || ' In a container, pass the GPU to it (docker run --gpus all)'}`;
  }
  if (driver.error !== 0) {
    const advice: Record<number, string> = {
      [CUDA_ERROR_SYSTEM_DRIVER_MISMATCH]:
        '. Its library and its kernel module are of different versions: restart the machine, or reinstall the driver',
      [CUDA_ERROR_UNKNOWN]: '. Check whether `nvidia-smi` works; loading the kernel module nvidia_uvm often helps',
    };
    return (
      `NVIDIA's driver does not work: error ${driver.error}${driver.errorText === '' ? '' : `, ${driver.errorText}`}` +
      (advice[driver.error] ?? '. Check whether `nvidia-smi` works')
    );
  }
  if (device >= driver.gpus.length) {
    const count = driver.gpus.length;
    const found = count === 1 ? 'is one GPU, number 0' : `are ${count} GPUs, numbers 0 to ${count - 1}`;
    return `there is no GPU ${device}; there ${found}.${hidden}`.replace(/\.$/, '');
  }
  // A driver runs programs of its own major version of CUDA, newer minor versions included, and of older ones.
  if (driver.version > 0 && Math.floor(driver.version / 1000) < Number(cuda.split('.')[0])) {
    return (
      `NVIDIA's driver runs CUDA up to ${formatVersion(driver.version)}, and TensorFlow ${tensorflow} was built for CUDA ` +
      `${cuda}: install a newer driver`
    );
  }
  if (missingLibraries.length > 0) {
    const list = missingLibraries.map(({ library }) => library).join(', ');
    const one = missingLibraries.length === 1;
    return (
      `${one ? 'a library' : 'libraries'} of CUDA ${cuda} cannot be loaded: ${list} ` +
      `(${missingLibraries[0]?.reason}). Download ${one ? 'it' : 'them'} with ` +
      `\`${SETUP_COMMAND} --cuda --cuda-libraries fetch\`, or install CUDA ${cuda.split('.')[0]} and cuDNN`
    );
  }
  const gpu = driver.gpus[device];
  return (
    `TensorFlow ${tensorflow} does not use ${gpu?.name} (compute capability ${gpu?.computeCapability}), although its driver ` +
    "and CUDA's libraries are installed. Set the environment variable TF_CPP_MIN_LOG_LEVEL=0 to see TensorFlow's log"
  );
}

function formatVersion(version: number): string {
  return `${Math.floor(version / 1000)}.${Math.floor((version % 1000) / 10)}`;
}
