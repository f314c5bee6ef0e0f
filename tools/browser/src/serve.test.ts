import { basename } from 'node:path';

import { serve, type Server } from './serve';

describe('serve', () => {
  let server: Server;
  afterEach(() => server.close());

  const get = async (path: string) => {
    const response = await fetch(`${server.origin}${path}`);
    return { status: response.status, text: await response.text(), headers: response.headers };
  };

  it('serves texts, files and folders by path, with their types', async () => {
    server = await serve({ '/': { text: '<p>', type: 'text/html' }, '/one.js': __filename, '/all/': __dirname }, false);
    expect(await get('/')).toMatchObject({ status: 200, text: '<p>' });
    const file = await get('/one.js');
    expect(file.text).toMatch(/serves texts/);
    expect(file.headers.get('content-type')).toBe('application/octet-stream');
    expect((await get(`/all/${basename(__filename)}`)).text).toBe(file.text);
  });

  it('refuses all other paths', async () => {
    server = await serve({ '/all/': __dirname }, false);
    for (const path of ['/', '/all', '/all/', '/all/none', '/all/..%2fpackage.json', '/package.json']) {
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    }
  });

  it.each([true, false])('sends the headers for isolation on request: %s', async (isolated) => {
    server = await serve({}, isolated);
    const { headers } = await get('/');
    expect(headers.get('cross-origin-opener-policy')).toBe(isolated ? 'same-origin' : null);
    expect(headers.get('cross-origin-embedder-policy')).toBe(isolated ? 'require-corp' : null);
  });
});
