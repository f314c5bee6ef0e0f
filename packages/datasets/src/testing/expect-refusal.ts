/**
 * Expects a `DatasetError` with a code, and compares its message with the snapshot: without the path of `folder`, and
 * without the reasons of other libraries, which change with their versions.
 */
export async function expectRefusal(attempt: Promise<unknown>, code: string, folder = 'FOLDER'): Promise<void> {
  const error = await attempt.then(
    () => undefined,
    (error: unknown) => error as Error,
  );
  expect(error).toMatchObject({ name: 'DatasetError', code });
  const message = error!.message.replaceAll(folder, 'FOLDER');
  expect(message.replace(/(is invalid|be decompressed): .*/s, '$1: REASON')).toMatchSnapshot();
}
