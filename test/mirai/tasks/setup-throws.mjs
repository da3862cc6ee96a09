throw new Error('set up failed');
