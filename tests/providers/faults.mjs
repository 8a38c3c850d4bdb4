// What the token endpoint does instead of answering. Each returns true where it has answered itself.
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
};
