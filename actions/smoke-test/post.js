import('../../dist/index.js').then(({ post }) => post('smoke-test'));
