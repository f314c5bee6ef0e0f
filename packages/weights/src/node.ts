// Files: Node only.
export { TEMPORARY_SUFFIX, writeFileAtomic, type WriteFileOptions } from './node/write-file-atomic';
export { readBytes } from './node/read-bytes';
export { makeFolder } from './node/make-folder';
