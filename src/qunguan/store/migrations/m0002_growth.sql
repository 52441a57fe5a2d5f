CREATE TABLE shop_order (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	shop TEXT NOT NULL, 
	series TEXT DEFAULT '' NOT NULL, 
	number TEXT NOT NULL, 
	buyer TEXT NOT NULL, 
	buyer_key TEXT NOT NULL, 
	phone TEXT, 
	member_id INTEGER, 
	matched_by TEXT NOT NULL, 
	paid_at TEXT, 
	biz_date TEXT, 
	amount_fen INTEGER NOT NULL, 
	freight_fen INTEGER DEFAULT '0' NOT NULL, 
	status TEXT NOT NULL, 
	status_text TEXT DEFAULT '' NOT NULL, 
	counts INTEGER NOT NULL, 
	told_fen INTEGER DEFAULT '0' NOT NULL, 
	unit_fen INTEGER, 
	rate INTEGER, 
	earning_fen INTEGER, 
	note TEXT DEFAULT '' NOT NULL, 
	created_at TEXT NOT NULL, 
	CONSTRAINT ck_shop_order_amount CHECK (amount_fen BETWEEN 0 AND 100000000000), 
	CONSTRAINT ck_shop_order_freight CHECK (freight_fen BETWEEN 0 AND amount_fen), 
	CONSTRAINT ck_shop_order_status CHECK (status IN ('pending', 'paid', 'refunded', 'cancelled')), 
	CONSTRAINT ck_shop_order_match CHECK (matched_by IN ('id', 'phone', 'alias', 'hand', 'doubtful', 'unknown', 'nobody')), 
	CONSTRAINT ck_shop_order_matched CHECK ((matched_by IN ('id', 'phone', 'alias', 'hand')) = (member_id IS NOT NULL)), 
	CONSTRAINT ck_shop_order_counts CHECK (counts IN (0, 1) AND (counts = 0 OR biz_date IS NOT NULL)), 
	CONSTRAINT ck_shop_order_told CHECK (told_fen BETWEEN 0 AND amount_fen), 
	CONSTRAINT ck_shop_order_points CHECK (unit_fen > 0 AND rate >= 0 AND earning_fen BETWEEN 0 AND amount_fen), 
	CONSTRAINT uq_shop_order_shop_series_number UNIQUE (shop, series, number), 
	CONSTRAINT fk_shop_order_member_id FOREIGN KEY(member_id) REFERENCES member (id)
)
 STRICT;

CREATE INDEX ix_shop_order_member_id_biz_date ON shop_order (member_id, biz_date);

CREATE INDEX ix_shop_order_biz_date_id ON shop_order (biz_date, id);

CREATE INDEX ix_shop_order_matched_by ON shop_order (matched_by);

CREATE INDEX ix_shop_order_buyer_key ON shop_order (buyer_key);

CREATE TABLE order_line (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	order_id INTEGER NOT NULL, 
	item TEXT NOT NULL, 
	sku TEXT DEFAULT '' NOT NULL, 
	quantity INTEGER NOT NULL, 
	amount_fen INTEGER, 
	CONSTRAINT ck_order_line_quantity CHECK (quantity > 0), 
	CONSTRAINT fk_order_line_order_id FOREIGN KEY(order_id) REFERENCES shop_order (id)
)
 STRICT;

CREATE INDEX ix_order_line_order_id ON order_line (order_id);

CREATE TABLE order_refund (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	order_id INTEGER NOT NULL, 
	amount_fen INTEGER NOT NULL, 
	biz_date TEXT NOT NULL, 
	occurred_at TEXT NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT ck_order_refund_amount CHECK (amount_fen <> 0 AND abs(amount_fen) <= 100000000000), 
	CONSTRAINT fk_order_refund_order_id FOREIGN KEY(order_id) REFERENCES shop_order (id)
)
 STRICT;

CREATE INDEX ix_order_refund_order_id_biz_date_amount_fen ON order_refund (order_id, biz_date, amount_fen);

CREATE TABLE ladder (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	name TEXT NOT NULL, 
	preset TEXT DEFAULT '' NOT NULL, 
	current INTEGER NOT NULL, 
	created_at TEXT NOT NULL, 
	CONSTRAINT ck_ladder_name CHECK (length(name) BETWEEN 1 AND 64 AND instr(name, char(0)) = 0), 
	CONSTRAINT ck_ladder_current CHECK (current IN (0, 1)), 
	CONSTRAINT uq_ladder_name UNIQUE (name)
)
 STRICT;

CREATE UNIQUE INDEX uq_ladder_current ON ladder (current) WHERE current = 1;

CREATE TABLE ladder_version (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	ladder_id INTEGER NOT NULL, 
	from_day TEXT NOT NULL, 
	terms TEXT NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	created_at TEXT NOT NULL, 
	CONSTRAINT fk_ladder_version_ladder_id FOREIGN KEY(ladder_id) REFERENCES ladder (id)
)
 STRICT;

CREATE INDEX ix_ladder_version_ladder_id_from_day_id ON ladder_version (ladder_id, from_day, id);

CREATE TABLE level_benefit (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	ladder_id INTEGER NOT NULL, 
	rank INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	quota INTEGER, 
	period TEXT NOT NULL, 
	note TEXT DEFAULT '' NOT NULL, 
	closed_on TEXT, 
	CONSTRAINT ck_level_benefit_numbers CHECK (rank > 0 AND quota > 0), 
	CONSTRAINT ck_level_benefit_name CHECK (length(name) BETWEEN 1 AND 64), 
	CONSTRAINT ck_level_benefit_period CHECK (period IN ('once', 'month', 'year')), 
	CONSTRAINT fk_level_benefit_ladder_id FOREIGN KEY(ladder_id) REFERENCES ladder (id)
)
 STRICT;

CREATE INDEX ix_level_benefit_ladder_id_rank ON level_benefit (ladder_id, rank);

CREATE TABLE benefit_use (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	benefit_id INTEGER NOT NULL, 
	member_id INTEGER NOT NULL, 
	quantity INTEGER NOT NULL, 
	biz_date TEXT NOT NULL, 
	occurred_at TEXT NOT NULL, 
	note TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT ck_benefit_use_quantity CHECK (quantity > 0), 
	CONSTRAINT fk_benefit_use_benefit_id FOREIGN KEY(benefit_id) REFERENCES level_benefit (id), 
	CONSTRAINT fk_benefit_use_member_id FOREIGN KEY(member_id) REFERENCES member (id)
)
 STRICT;

CREATE INDEX ix_benefit_use_member_id_benefit_id_biz_date ON benefit_use (member_id, benefit_id, biz_date);

CREATE TABLE level_lock (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	ladder_id INTEGER NOT NULL, 
	member_id INTEGER NOT NULL, 
	rank INTEGER NOT NULL, 
	from_day TEXT NOT NULL, 
	to_day TEXT, 
	reason TEXT NOT NULL, 
	CONSTRAINT ck_level_lock_lock CHECK (rank > 0 AND to_day >= from_day), 
	CONSTRAINT ck_level_lock_reason CHECK (length(reason) > 0), 
	CONSTRAINT uq_level_lock_ladder_id_member_id_from_day UNIQUE (ladder_id, member_id, from_day), 
	CONSTRAINT fk_level_lock_ladder_id FOREIGN KEY(ladder_id) REFERENCES ladder (id), 
	CONSTRAINT fk_level_lock_member_id FOREIGN KEY(member_id) REFERENCES member (id)
)
 STRICT;

CREATE INDEX ix_level_lock_member_id_ladder_id ON level_lock (member_id, ladder_id);

CREATE TABLE badge (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	name TEXT NOT NULL, 
	preset TEXT DEFAULT '' NOT NULL, 
	title INTEGER NOT NULL, 
	metric TEXT NOT NULL, 
	at_least INTEGER, 
	challenge_id INTEGER, 
	note TEXT DEFAULT '' NOT NULL, 
	source TEXT DEFAULT '' NOT NULL, 
	enabled INTEGER NOT NULL, 
	created_at TEXT NOT NULL, 
	CONSTRAINT ck_badge_name CHECK (length(name) BETWEEN 1 AND 64 AND instr(name, char(0)) = 0), 
	CONSTRAINT ck_badge_flags CHECK (title IN (0, 1) AND enabled IN (0, 1)), 
	CONSTRAINT ck_badge_at_least CHECK (at_least > 0), 
	CONSTRAINT uq_badge_name UNIQUE (name), 
	CONSTRAINT fk_badge_challenge_id FOREIGN KEY(challenge_id) REFERENCES challenge (id)
)
 STRICT;

CREATE TABLE badge_award (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	badge_id INTEGER NOT NULL, 
	member_id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	from_day TEXT NOT NULL, 
	to_day TEXT, 
	occurred_at TEXT NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT ck_badge_award_kind CHECK (kind IN ('given', 'withheld')), 
	CONSTRAINT ck_badge_award_dates CHECK (to_day >= from_day), 
	CONSTRAINT fk_badge_award_badge_id FOREIGN KEY(badge_id) REFERENCES badge (id), 
	CONSTRAINT fk_badge_award_member_id FOREIGN KEY(member_id) REFERENCES member (id)
)
 STRICT;

CREATE INDEX ix_badge_award_member_id ON badge_award (member_id);

CREATE INDEX ix_badge_award_badge_id_member_id_from_day ON badge_award (badge_id, member_id, from_day);

CREATE TABLE reward (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	name TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	price INTEGER NOT NULL, 
	value_fen INTEGER, 
	stock INTEGER, 
	member_limit INTEGER, 
	valid_from TEXT, 
	valid_to TEXT, 
	code_days INTEGER, 
	occasion TEXT DEFAULT '' NOT NULL, 
	note TEXT DEFAULT '' NOT NULL, 
	closed_on TEXT, 
	created_at TEXT NOT NULL, 
	CONSTRAINT ck_reward_name CHECK (length(name) BETWEEN 1 AND 64 AND instr(name, char(0)) = 0), 
	CONSTRAINT ck_reward_kind CHECK (kind IN ('goods', 'coupon', 'service')), 
	CONSTRAINT ck_reward_price CHECK (price BETWEEN 0 AND 1000000000 AND value_fen >= 0), 
	CONSTRAINT ck_reward_limits CHECK (stock >= 0 AND member_limit > 0 AND code_days > 0), 
	CONSTRAINT ck_reward_dates CHECK (valid_to >= valid_from), 
	CONSTRAINT ck_reward_occasion CHECK (occasion IN ('', 'birthday')), 
	CONSTRAINT uq_reward_name UNIQUE (name)
)
 STRICT;

CREATE TABLE redemption (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	reward_id INTEGER NOT NULL, 
	member_id INTEGER NOT NULL, 
	price INTEGER NOT NULL, 
	entry_id INTEGER, 
	code TEXT NOT NULL, 
	"key" TEXT, 
	state TEXT NOT NULL, 
	biz_date TEXT NOT NULL, 
	requested_at TEXT NOT NULL, 
	expires_on TEXT, 
	fulfilled_on TEXT, 
	cancelled_on TEXT, 
	reason TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT ck_redemption_state CHECK (state IN ('requested', 'fulfilled', 'cancelled')), 
	CONSTRAINT ck_redemption_price CHECK (price >= 0 AND (price = 0) = (entry_id IS NULL)), 
	CONSTRAINT ck_redemption_cancelled CHECK ((state = 'cancelled') = (cancelled_on IS NOT NULL)), 
	CONSTRAINT ck_redemption_fulfilled CHECK ((state = 'fulfilled') <= (fulfilled_on IS NOT NULL)), 
	CONSTRAINT fk_redemption_reward_id FOREIGN KEY(reward_id) REFERENCES reward (id), 
	CONSTRAINT fk_redemption_member_id FOREIGN KEY(member_id) REFERENCES member (id), 
	CONSTRAINT fk_redemption_entry_id FOREIGN KEY(entry_id) REFERENCES point_entry (id), 
	CONSTRAINT uq_redemption_code UNIQUE (code), 
	CONSTRAINT uq_redemption_key UNIQUE ("key")
)
 STRICT;

CREATE INDEX ix_redemption_reward_id_state ON redemption (reward_id, state);

CREATE INDEX ix_redemption_member_id_biz_date ON redemption (member_id, biz_date);

CREATE INDEX ix_redemption_state_biz_date ON redemption (state, biz_date);

CREATE TABLE bonus_day (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	name TEXT NOT NULL, 
	preset TEXT DEFAULT '' NOT NULL, 
	recurs TEXT NOT NULL, 
	multiplier_pct INTEGER NOT NULL, 
	applies TEXT DEFAULT '' NOT NULL, 
	perk TEXT DEFAULT '' NOT NULL, 
	from_day TEXT, 
	to_day TEXT, 
	source TEXT DEFAULT '' NOT NULL, 
	enabled INTEGER NOT NULL, 
	created_at TEXT NOT NULL, 
	CONSTRAINT ck_bonus_day_name CHECK (length(name) BETWEEN 1 AND 64 AND instr(name, char(0)) = 0), 
	CONSTRAINT ck_bonus_day_multiplier CHECK (multiplier_pct BETWEEN 100 AND 10000), 
	CONSTRAINT ck_bonus_day_dates CHECK (enabled IN (0, 1) AND to_day >= from_day), 
	CONSTRAINT uq_bonus_day_name UNIQUE (name)
)
 STRICT;

CREATE TABLE deed (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	member_id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	biz_date TEXT NOT NULL, 
	occurred_at TEXT NOT NULL, 
	note TEXT DEFAULT '' NOT NULL, 
	points INTEGER NOT NULL, 
	CONSTRAINT ck_deed_kind CHECK (kind IN ('share', 'campaign')), 
	CONSTRAINT ck_deed_points CHECK (points >= 0), 
	CONSTRAINT fk_deed_member_id FOREIGN KEY(member_id) REFERENCES member (id)
)
 STRICT;

CREATE INDEX ix_deed_member_id_kind_biz_date ON deed (member_id, kind, biz_date);

CREATE INDEX ix_deed_kind_biz_date ON deed (kind, biz_date);

