// What the token endpoint does instead of answering. Each returns true where it has answered itself.
let times = 0; // of those that are the first time only

export const faults = {
	none: () => false,

	// A provider behind a machine that has a page for everything.
	html: (response) => {
		response.setHeader('Content-Type', 'text/html');
		response.end('<!DOCTYPE html><title>Maintenance</title>');
		return true;
	},

	busy: (response) => {
		response.statusCode = 503;
		response.setHeader('Retry-After', '30');
		response.end();
		return true;
	},

	// The provider does its work, and the answer is lost on the way.
	lost: (response) => {
		response.end = () => response.destroy();
		return false;
	},

	// An error that does not say why, as glewlwyd sends it.
	empty: (response) => {
		response.statusCode = 400;
		response.end();
		return true;
	},

	// The same, and no answer at all; each the first time only, and then every second time.
	'empty-once': (response) => times++ % 2 === 0 && faults.empty(response),

	'cut-once': (response) => {
		if (times++ % 2 === 0) response.destroy();
		return response.destroyed;
	},
};
