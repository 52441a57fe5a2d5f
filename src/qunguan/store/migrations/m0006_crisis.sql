CREATE TABLE contact (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	member_id INTEGER NOT NULL, 
	channel TEXT NOT NULL, 
	value TEXT NOT NULL, 
	agreed INTEGER DEFAULT '1' NOT NULL, 
	told_on TEXT NOT NULL, 
	ended_on TEXT, 
	CONSTRAINT ck_contact_value CHECK (length(value) BETWEEN 1 AND 200), 
	CONSTRAINT ck_contact_agreed CHECK (agreed IN (0, 1)), 
	CONSTRAINT ck_contact_dates CHECK (ended_on >= told_on), 
	CONSTRAINT uq_contact_member_id_channel_value_told_on UNIQUE (member_id, channel, value, told_on), 
	CONSTRAINT fk_contact_member_id FOREIGN KEY(member_id) REFERENCES member (id)
)
 STRICT;

CREATE INDEX ix_contact_channel_member_id ON contact (channel, member_id);

CREATE TABLE incident (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	group_id INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	severity TEXT NOT NULL, 
	playbook TEXT DEFAULT '' NOT NULL, 
	t0 TEXT NOT NULL, 
	biz_date TEXT NOT NULL, 
	first_t0 TEXT, 
	drill INTEGER DEFAULT '0' NOT NULL, 
	opened_at TEXT NOT NULL, 
	closed_at TEXT, 
	CONSTRAINT ck_incident_title CHECK (length(title) BETWEEN 1 AND 200), 
	CONSTRAINT ck_incident_severity CHECK (severity IN ('minor', 'major', 'critical')), 
	CONSTRAINT ck_incident_drill CHECK (drill IN (0, 1)), 
	CONSTRAINT ck_incident_dates CHECK (closed_at IS NULL OR closed_at >= opened_at), 
	CONSTRAINT fk_incident_group_id FOREIGN KEY(group_id) REFERENCES chat_group (id)
)
 STRICT;

CREATE INDEX ix_incident_group_id_t0 ON incident (group_id, t0);

CREATE INDEX ix_incident_open ON incident (opened_at) WHERE closed_at IS NULL;

CREATE TABLE compensation (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	incident_id INTEGER NOT NULL, 
	member_id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	points INTEGER, 
	fen INTEGER, 
	what TEXT DEFAULT '' NOT NULL, 
	promised_at TEXT NOT NULL, 
	delivered_at TEXT, 
	CONSTRAINT ck_compensation_kind CHECK (kind IN ('points', 'coupon', 'money', 'goods')), 
	CONSTRAINT ck_compensation_points CHECK ((kind = 'points') = (points IS NOT NULL) AND points BETWEEN 1 AND 1000000000), 
	CONSTRAINT ck_compensation_fen CHECK (fen BETWEEN 0 AND 100000000000), 
	CONSTRAINT uq_compensation_incident_id_member_id_key UNIQUE (incident_id, member_id, "key"), 
	CONSTRAINT fk_compensation_incident_id FOREIGN KEY(incident_id) REFERENCES incident (id), 
	CONSTRAINT fk_compensation_member_id FOREIGN KEY(member_id) REFERENCES member (id)
)
 STRICT;

CREATE INDEX ix_compensation_member_id ON compensation (member_id);

CREATE TABLE feedback (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	group_id INTEGER NOT NULL, 
	member_id INTEGER, 
	who TEXT DEFAULT '' NOT NULL, 
	kind TEXT NOT NULL, 
	category TEXT DEFAULT '' NOT NULL, 
	severity TEXT NOT NULL, 
	channel TEXT DEFAULT '' NOT NULL, 
	text TEXT NOT NULL, 
	told_at TEXT NOT NULL, 
	biz_date TEXT NOT NULL, 
	order_id INTEGER, 
	incident_id INTEGER, 
	CONSTRAINT ck_feedback_kind CHECK (kind IN ('question', 'complaint', 'review', 'suggestion', 'praise')), 
	CONSTRAINT ck_feedback_severity CHECK (severity IN ('low', 'normal', 'high')), 
	CONSTRAINT ck_feedback_text CHECK (length(text) BETWEEN 1 AND 20000), 
	CONSTRAINT fk_feedback_group_id FOREIGN KEY(group_id) REFERENCES chat_group (id), 
	CONSTRAINT fk_feedback_member_id FOREIGN KEY(member_id) REFERENCES member (id), 
	CONSTRAINT fk_feedback_order_id FOREIGN KEY(order_id) REFERENCES shop_order (id), 
	CONSTRAINT fk_feedback_incident_id FOREIGN KEY(incident_id) REFERENCES incident (id)
)
 STRICT;

CREATE INDEX ix_feedback_group_id_biz_date ON feedback (group_id, biz_date);

CREATE INDEX ix_feedback_incident_id ON feedback (incident_id);

CREATE INDEX ix_feedback_member_id ON feedback (member_id);

CREATE INDEX ix_feedback_order_id ON feedback (order_id);

CREATE TABLE incident_check (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	incident_id INTEGER NOT NULL, 
	stage TEXT NOT NULL, 
	item TEXT NOT NULL, 
	at TEXT NOT NULL, 
	CONSTRAINT uq_incident_check_incident_id_stage_item UNIQUE (incident_id, stage, item), 
	CONSTRAINT fk_incident_check_incident_id FOREIGN KEY(incident_id) REFERENCES incident (id)
)
 STRICT;

CREATE TABLE incident_line (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	incident_id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	at TEXT NOT NULL, 
	text TEXT DEFAULT '' NOT NULL, 
	written_at TEXT NOT NULL, 
	CONSTRAINT ck_incident_line_text CHECK (length(text) <= 20000), 
	CONSTRAINT fk_incident_line_incident_id FOREIGN KEY(incident_id) REFERENCES incident (id)
)
 STRICT;

CREATE INDEX ix_incident_line_incident_id_at ON incident_line (incident_id, at);

CREATE TABLE incident_post (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	incident_id INTEGER NOT NULL, 
	stage TEXT NOT NULL, 
	text TEXT NOT NULL, 
	place TEXT DEFAULT '' NOT NULL, 
	posted_at TEXT NOT NULL, 
	written_at TEXT NOT NULL, 
	CONSTRAINT ck_incident_post_stage CHECK (stage IN ('tell', 'time', 'trust', 'update')), 
	CONSTRAINT ck_incident_post_text CHECK (length(text) BETWEEN 1 AND 20000), 
	CONSTRAINT fk_incident_post_incident_id FOREIGN KEY(incident_id) REFERENCES incident (id)
)
 STRICT;

CREATE INDEX ix_incident_post_incident_id_posted_at ON incident_post (incident_id, posted_at);

CREATE UNIQUE INDEX uq_incident_post_stage ON incident_post (incident_id, stage) WHERE stage <> 'update';

CREATE TABLE incident_review (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	incident_id INTEGER NOT NULL, 
	cause TEXT NOT NULL, 
	impact TEXT NOT NULL, 
	went_well TEXT NOT NULL, 
	went_badly TEXT NOT NULL, 
	message TEXT DEFAULT '' NOT NULL, 
	written_at TEXT NOT NULL, 
	CONSTRAINT uq_incident_review_incident_id UNIQUE (incident_id), 
	CONSTRAINT fk_incident_review_incident_id FOREIGN KEY(incident_id) REFERENCES incident (id)
)
 STRICT;

CREATE TABLE incident_role (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	incident_id INTEGER NOT NULL, 
	hat TEXT NOT NULL, 
	holder TEXT NOT NULL, 
	since TEXT NOT NULL, 
	CONSTRAINT ck_incident_role_hat CHECK (hat IN ('owner', 'content', 'service', 'analyst')), 
	CONSTRAINT ck_incident_role_holder CHECK (length(holder) <= 64), 
	CONSTRAINT fk_incident_role_incident_id FOREIGN KEY(incident_id) REFERENCES incident (id)
)
 STRICT;

CREATE INDEX ix_incident_role_incident_id_hat ON incident_role (incident_id, hat);

CREATE TABLE feedback_step (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	feedback_id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	at TEXT NOT NULL, 
	biz_date TEXT NOT NULL, 
	text TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT ck_feedback_step_kind CHECK (kind IN ('reply', 'offer', 'amends', 'turned', 'stays', 'resolved', 'reopened')), 
	CONSTRAINT ck_feedback_step_text CHECK (length(text) <= 20000), 
	CONSTRAINT fk_feedback_step_feedback_id FOREIGN KEY(feedback_id) REFERENCES feedback (id)
)
 STRICT;

CREATE INDEX ix_feedback_step_feedback_id_at ON feedback_step (feedback_id, at);

CREATE TABLE incident_action (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	incident_id INTEGER NOT NULL, 
	place INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	due_on TEXT NOT NULL, 
	hat TEXT NOT NULL, 
	task_id INTEGER, 
	CONSTRAINT ck_incident_action_hat CHECK (hat IN ('owner', 'content', 'service', 'analyst')), 
	CONSTRAINT ck_incident_action_title CHECK (length(title) BETWEEN 1 AND 200), 
	CONSTRAINT uq_incident_action_incident_id_place UNIQUE (incident_id, place), 
	CONSTRAINT fk_incident_action_incident_id FOREIGN KEY(incident_id) REFERENCES incident (id), 
	CONSTRAINT fk_incident_action_task_id FOREIGN KEY(task_id) REFERENCES task (id)
)
 STRICT;

CREATE INDEX ix_incident_action_task_id ON incident_action (task_id);

