// What the provider remembers: sessions, grants, codes and tokens. It outlives a change of keys, for which oidc-provider must
// be made again, and forgets everything on request.
const records = new Map();

export function forget() {
	records.clear();
}

// The first record of a kind that has this value.
function search(kind, name, value) {
	for (const [key, record] of records) {
		if (key.startsWith(`${kind} `) && record[name] === value) return record;
	}
	return undefined;
}

export class Store {
	constructor(kind) {
		this.kind = kind;
	}

	key(id) {
		return `${this.kind} ${id}`;
	}

	async upsert(id, record) {
		records.set(this.key(id), record);
	}

	async find(id) {
		return records.get(this.key(id));
	}

	async findByUid(uid) {
		return search(this.kind, 'uid', uid);
	}

	async findByUserCode(userCode) {
		return search(this.kind, 'userCode', userCode);
	}

	async consume(id) {
		const record = records.get(this.key(id));
		if (record) record.consumed = Math.floor(Date.now() / 1000);
	}

	async destroy(id) {
		records.delete(this.key(id));
	}

	async revokeByGrantId(grantId) {
		for (const [key, record] of records) {
			if (record.grantId === grantId) records.delete(key);
		}
	}
}
