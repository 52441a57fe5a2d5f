CREATE TABLE activity_day (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	group_id INTEGER NOT NULL, 
	day TEXT NOT NULL, 
	messages INTEGER NOT NULL, 
	speakers INTEGER NOT NULL, 
	CONSTRAINT uq_activity_day_group_id_day UNIQUE (group_id, day)
)
 STRICT;

CREATE TABLE activity_week (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	group_id INTEGER NOT NULL, 
	monday TEXT NOT NULL, 
	messages INTEGER NOT NULL, 
	speakers INTEGER NOT NULL, 
	CONSTRAINT uq_activity_week_group_id_monday UNIQUE (group_id, monday)
)
 STRICT;

CREATE TABLE article (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	"key" TEXT NOT NULL, 
	item TEXT NOT NULL, 
	category TEXT NOT NULL, 
	CONSTRAINT ck_article_category CHECK (length(category) BETWEEN 1 AND 64), 
	CONSTRAINT uq_article_key UNIQUE ("key")
)
 STRICT;

CREATE TABLE buyer (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	first_on TEXT NOT NULL, 
	last_on TEXT NOT NULL, 
	orders INTEGER NOT NULL, 
	days INTEGER NOT NULL, 
	net_fen INTEGER NOT NULL
)
 STRICT;

CREATE TABLE figure_day (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	group_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	day TEXT NOT NULL, 
	found TEXT NOT NULL, 
	CONSTRAINT uq_figure_day_group_id_name_day UNIQUE (group_id, name, day)
)
 STRICT;

CREATE TABLE presence (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	group_id INTEGER NOT NULL, 
	member_id INTEGER NOT NULL, 
	first_on TEXT, 
	last_on TEXT, 
	days INTEGER NOT NULL, 
	messages INTEGER NOT NULL, 
	here INTEGER NOT NULL, 
	born_on TEXT, 
	seen_on TEXT, 
	kept INTEGER NOT NULL, 
	later INTEGER NOT NULL, 
	CONSTRAINT uq_presence_group_id_member_id UNIQUE (group_id, member_id)
)
 STRICT;

CREATE INDEX ix_presence_group_id_born_on ON presence (group_id, born_on);

CREATE INDEX ix_presence_group_id_last_on_member_id ON presence (group_id, last_on, member_id);

CREATE TABLE presence_cohort (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	group_id INTEGER NOT NULL, 
	born_on TEXT NOT NULL, 
	cell INTEGER NOT NULL, 
	kept INTEGER NOT NULL, 
	later INTEGER NOT NULL, 
	CONSTRAINT uq_presence_cohort_group_id_born_on_cell UNIQUE (group_id, born_on, cell)
)
 STRICT;

CREATE TABLE presence_last (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	group_id INTEGER NOT NULL, 
	day TEXT NOT NULL, 
	members INTEGER NOT NULL, 
	here INTEGER NOT NULL, 
	CONSTRAINT uq_presence_last_group_id_day UNIQUE (group_id, day)
)
 STRICT;

CREATE TABLE scheme (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	code TEXT NOT NULL, 
	name TEXT NOT NULL, 
	enabled INTEGER NOT NULL, 
	created_at TEXT NOT NULL, 
	CONSTRAINT ck_scheme_name CHECK (length(name) BETWEEN 1 AND 64 AND instr(name, char(0)) = 0), 
	CONSTRAINT ck_scheme_enabled CHECK (enabled IN (0, 1)), 
	CONSTRAINT uq_scheme_code UNIQUE (code)
)
 STRICT;

CREATE TABLE stay_day (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	group_id INTEGER NOT NULL, 
	day TEXT NOT NULL, 
	joined INTEGER NOT NULL, 
	gone INTEGER NOT NULL, 
	CONSTRAINT uq_stay_day_group_id_day UNIQUE (group_id, day)
)
 STRICT;

CREATE TABLE tag_rule (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	category TEXT DEFAULT '' NOT NULL, 
	name TEXT NOT NULL, 
	"when" TEXT NOT NULL, 
	enabled INTEGER NOT NULL, 
	created_at TEXT NOT NULL, 
	CONSTRAINT ck_tag_rule_name CHECK (length(name) BETWEEN 1 AND 64), 
	CONSTRAINT ck_tag_rule_enabled CHECK (enabled IN (0, 1)), 
	CONSTRAINT uq_tag_rule_category_name UNIQUE (category, name)
)
 STRICT;

CREATE TABLE alert_note (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	rule TEXT NOT NULL, 
	group_id INTEGER, 
	fired_on TEXT NOT NULL, 
	state TEXT NOT NULL, 
	inputs TEXT NOT NULL, 
	note TEXT DEFAULT '' NOT NULL, 
	at TEXT NOT NULL, 
	biz_date TEXT NOT NULL, 
	CONSTRAINT ck_alert_note_state CHECK (state IN ('known', 'handling', 'closed')), 
	CONSTRAINT uq_alert_note_rule_group_id_fired_on_state_at UNIQUE (rule, group_id, fired_on, state, at), 
	CONSTRAINT fk_alert_note_group_id FOREIGN KEY(group_id) REFERENCES chat_group (id)
)
 STRICT;

CREATE INDEX ix_alert_note_group_id_biz_date ON alert_note (group_id, biz_date);

CREATE TABLE channel_cost (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	group_id INTEGER, 
	channel TEXT NOT NULL, 
	from_day TEXT NOT NULL, 
	to_day TEXT NOT NULL, 
	cost_fen INTEGER NOT NULL, 
	note TEXT DEFAULT '' NOT NULL, 
	created_at TEXT NOT NULL, 
	CONSTRAINT ck_channel_cost_channel CHECK (length(channel) BETWEEN 1 AND 64), 
	CONSTRAINT ck_channel_cost_cost CHECK (to_day >= from_day AND cost_fen BETWEEN 0 AND 100000000000), 
	CONSTRAINT fk_channel_cost_group_id FOREIGN KEY(group_id) REFERENCES chat_group (id)
)
 STRICT;

CREATE INDEX ix_channel_cost_channel_from_day ON channel_cost (channel, from_day);

CREATE TABLE chat_import (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	group_id INTEGER NOT NULL, 
	format TEXT NOT NULL, 
	name TEXT NOT NULL, 
	first_at TEXT, 
	last_at TEXT, 
	messages INTEGER NOT NULL, 
	system INTEGER NOT NULL, 
	recalled INTEGER NOT NULL, 
	joins INTEGER NOT NULL, 
	leaves INTEGER NOT NULL, 
	duplicates INTEGER NOT NULL, 
	imported_at TEXT NOT NULL, 
	CONSTRAINT ck_chat_import_counts CHECK (messages >= 0 AND system >= 0 AND recalled >= 0 AND joins >= 0 AND leaves >= 0 AND duplicates >= 0), 
	CONSTRAINT fk_chat_import_group_id FOREIGN KEY(group_id) REFERENCES chat_group (id)
)
 STRICT;

CREATE INDEX ix_chat_import_group_id_last_at ON chat_import (group_id, last_at);

CREATE TABLE goal (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	group_id INTEGER, 
	name TEXT NOT NULL, 
	metric TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	baseline INTEGER, 
	target INTEGER NOT NULL, 
	from_day TEXT NOT NULL, 
	to_day TEXT NOT NULL, 
	source TEXT DEFAULT '' NOT NULL, 
	closed_on TEXT, 
	created_at TEXT NOT NULL, 
	CONSTRAINT ck_goal_name CHECK (length(name) BETWEEN 1 AND 64), 
	CONSTRAINT ck_goal_kind CHECK (kind IN ('value', 'relative', 'points')), 
	CONSTRAINT ck_goal_dates CHECK (to_day >= from_day), 
	CONSTRAINT fk_goal_group_id FOREIGN KEY(group_id) REFERENCES chat_group (id)
)
 STRICT;

CREATE INDEX ix_goal_group_id_to_day ON goal (group_id, to_day);

CREATE TABLE member_merge (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	kept_id INTEGER NOT NULL, 
	gone_id INTEGER NOT NULL, 
	merged_on TEXT NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT ck_member_merge_two CHECK (kept_id <> gone_id), 
	CONSTRAINT fk_member_merge_kept_id FOREIGN KEY(kept_id) REFERENCES member (id), 
	CONSTRAINT uq_member_merge_gone_id UNIQUE (gone_id), 
	CONSTRAINT fk_member_merge_gone_id FOREIGN KEY(gone_id) REFERENCES member (id)
)
 STRICT;

CREATE INDEX ix_member_merge_kept_id ON member_merge (kept_id);

CREATE TABLE scheme_lock (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	scheme_code TEXT NOT NULL, 
	member_id INTEGER NOT NULL, 
	bucket TEXT NOT NULL, 
	from_day TEXT NOT NULL, 
	to_day TEXT, 
	reason TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	CONSTRAINT ck_scheme_lock_dates CHECK (to_day >= from_day), 
	CONSTRAINT fk_scheme_lock_member_id FOREIGN KEY(member_id) REFERENCES member (id)
)
 STRICT;

CREATE INDEX ix_scheme_lock_member_id ON scheme_lock (member_id);

CREATE INDEX ix_scheme_lock_scheme_code_member_id_from_day ON scheme_lock (scheme_code, member_id, from_day);

CREATE TABLE scheme_terms (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	scheme_id INTEGER NOT NULL, 
	from_day TEXT NOT NULL, 
	buckets TEXT NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	created_at TEXT NOT NULL, 
	CONSTRAINT uq_scheme_terms_scheme_id_from_day UNIQUE (scheme_id, from_day), 
	CONSTRAINT fk_scheme_terms_scheme_id FOREIGN KEY(scheme_id) REFERENCES scheme (id)
)
 STRICT;

CREATE TABLE speaker (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	group_id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	name TEXT DEFAULT '' NOT NULL, 
	member_id INTEGER, 
	matched_by TEXT NOT NULL, 
	CONSTRAINT ck_speaker_kind CHECK (kind IN ('wxid', 'qq', 'email', 'uid', 'name', 'self')), 
	CONSTRAINT ck_speaker_match CHECK (matched_by IN ('id', 'alias', 'hand', 'new', 'dated', 'doubtful', 'unknown', 'nobody')), 
	CONSTRAINT ck_speaker_matched CHECK ((matched_by IN ('id', 'alias', 'hand', 'new')) = (member_id IS NOT NULL)), 
	CONSTRAINT uq_speaker_group_id_kind_key UNIQUE (group_id, kind, "key"), 
	CONSTRAINT fk_speaker_group_id FOREIGN KEY(group_id) REFERENCES chat_group (id), 
	CONSTRAINT fk_speaker_member_id FOREIGN KEY(member_id) REFERENCES member (id)
)
 STRICT;

CREATE INDEX ix_speaker_matched_by ON speaker (matched_by);

CREATE INDEX ix_speaker_member_id ON speaker (member_id);

CREATE TABLE wake (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	group_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	text TEXT DEFAULT '' NOT NULL, 
	sent_on TEXT, 
	created_at TEXT NOT NULL, 
	CONSTRAINT ck_wake_name CHECK (length(name) BETWEEN 1 AND 64), 
	CONSTRAINT uq_wake_group_id_name UNIQUE (group_id, name), 
	CONSTRAINT fk_wake_group_id FOREIGN KEY(group_id) REFERENCES chat_group (id)
)
 STRICT;

CREATE TABLE chat_day (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	import_id INTEGER NOT NULL, 
	group_id INTEGER NOT NULL, 
	day TEXT NOT NULL, 
	messages INTEGER DEFAULT '0' NOT NULL, 
	system INTEGER DEFAULT '0' NOT NULL, 
	recalled INTEGER DEFAULT '0' NOT NULL, 
	joins INTEGER DEFAULT '0' NOT NULL, 
	leaves INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT uq_chat_day_import_id_day UNIQUE (import_id, day), 
	CONSTRAINT fk_chat_day_import_id FOREIGN KEY(import_id) REFERENCES chat_import (id), 
	CONSTRAINT fk_chat_day_group_id FOREIGN KEY(group_id) REFERENCES chat_group (id)
)
 STRICT;

CREATE INDEX ix_chat_day_group_id_day ON chat_day (group_id, day);

CREATE TABLE chat_hour (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	import_id INTEGER NOT NULL, 
	group_id INTEGER NOT NULL, 
	day TEXT NOT NULL, 
	hour INTEGER NOT NULL, 
	messages INTEGER NOT NULL, 
	CONSTRAINT ck_chat_hour_hour CHECK (hour BETWEEN 0 AND 23 AND messages > 0), 
	CONSTRAINT uq_chat_hour_import_id_day_hour UNIQUE (import_id, day, hour), 
	CONSTRAINT fk_chat_hour_import_id FOREIGN KEY(import_id) REFERENCES chat_import (id), 
	CONSTRAINT fk_chat_hour_group_id FOREIGN KEY(group_id) REFERENCES chat_group (id)
)
 STRICT;

CREATE INDEX ix_chat_hour_group_id_day_hour_messages ON chat_hour (group_id, day, hour, messages);

CREATE TABLE chat_seen (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	import_id INTEGER NOT NULL, 
	group_id INTEGER NOT NULL, 
	day TEXT, 
	keys TEXT NOT NULL, 
	alike TEXT NOT NULL, 
	CONSTRAINT fk_chat_seen_import_id FOREIGN KEY(import_id) REFERENCES chat_import (id), 
	CONSTRAINT fk_chat_seen_group_id FOREIGN KEY(group_id) REFERENCES chat_group (id)
)
 STRICT;

CREATE INDEX ix_chat_seen_group_id_day ON chat_seen (group_id, day);

CREATE INDEX ix_chat_seen_import_id ON chat_seen (import_id);

CREATE TABLE clean_case (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	member_id INTEGER NOT NULL, 
	group_id INTEGER NOT NULL, 
	decision TEXT NOT NULL, 
	decided_on TEXT NOT NULL, 
	decided_at TEXT NOT NULL, 
	review_on TEXT, 
	reason TEXT DEFAULT '' NOT NULL, 
	wake_id INTEGER, 
	CONSTRAINT ck_clean_case_decision CHECK (decision IN ('wake', 'slow', 'keep', 'remove', 'no_contact')), 
	CONSTRAINT fk_clean_case_member_id FOREIGN KEY(member_id) REFERENCES member (id), 
	CONSTRAINT fk_clean_case_group_id FOREIGN KEY(group_id) REFERENCES chat_group (id), 
	CONSTRAINT fk_clean_case_wake_id FOREIGN KEY(wake_id) REFERENCES wake (id)
)
 STRICT;

CREATE INDEX ix_clean_case_group_id_decided_on ON clean_case (group_id, decided_on);

CREATE INDEX ix_clean_case_member_id_group_id_decided_on ON clean_case (member_id, group_id, decided_on);

CREATE INDEX ix_clean_case_wake_id ON clean_case (wake_id);

CREATE TABLE question (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	import_id INTEGER NOT NULL, 
	group_id INTEGER NOT NULL, 
	speaker_id INTEGER, 
	member_id INTEGER, 
	asked_at TEXT, 
	day TEXT, 
	text TEXT NOT NULL, 
	state TEXT DEFAULT 'open' NOT NULL, 
	state_on TEXT, 
	CONSTRAINT ck_question_state CHECK (state IN ('open', 'picked', 'answered', 'dropped')), 
	CONSTRAINT ck_question_text CHECK (length(text) BETWEEN 1 AND 2000), 
	CONSTRAINT fk_question_import_id FOREIGN KEY(import_id) REFERENCES chat_import (id), 
	CONSTRAINT fk_question_group_id FOREIGN KEY(group_id) REFERENCES chat_group (id), 
	CONSTRAINT fk_question_speaker_id FOREIGN KEY(speaker_id) REFERENCES speaker (id), 
	CONSTRAINT fk_question_member_id FOREIGN KEY(member_id) REFERENCES member (id)
)
 STRICT;

CREATE INDEX ix_question_group_id_state_day ON question (group_id, state, day);

CREATE INDEX ix_question_import_id ON question (import_id);

CREATE INDEX ix_question_member_id ON question (member_id);

CREATE TABLE speech (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	import_id INTEGER NOT NULL, 
	group_id INTEGER NOT NULL, 
	speaker_id INTEGER NOT NULL, 
	member_id INTEGER, 
	day TEXT NOT NULL, 
	messages INTEGER NOT NULL, 
	mentions INTEGER DEFAULT '0' NOT NULL, 
	replies INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT ck_speech_messages CHECK (messages > 0), 
	CONSTRAINT ck_speech_kinds CHECK (mentions BETWEEN 0 AND messages AND replies BETWEEN 0 AND messages), 
	CONSTRAINT uq_speech_speaker_id_day_import_id UNIQUE (speaker_id, day, import_id), 
	CONSTRAINT fk_speech_import_id FOREIGN KEY(import_id) REFERENCES chat_import (id), 
	CONSTRAINT fk_speech_group_id FOREIGN KEY(group_id) REFERENCES chat_group (id), 
	CONSTRAINT fk_speech_speaker_id FOREIGN KEY(speaker_id) REFERENCES speaker (id), 
	CONSTRAINT fk_speech_member_id FOREIGN KEY(member_id) REFERENCES member (id)
)
 STRICT;

CREATE INDEX ix_speech_group_id_day_member_id_messages ON speech (group_id, day, member_id, messages);

CREATE INDEX ix_speech_import_id ON speech (import_id);

CREATE INDEX ix_speech_member_id_group_id_day_messages ON speech (member_id, group_id, day, messages);

CREATE TABLE wake_member (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	wake_id INTEGER NOT NULL, 
	member_id INTEGER NOT NULL, 
	contacted_on TEXT, 
	CONSTRAINT uq_wake_member_wake_id_member_id UNIQUE (wake_id, member_id), 
	CONSTRAINT fk_wake_member_wake_id FOREIGN KEY(wake_id) REFERENCES wake (id), 
	CONSTRAINT fk_wake_member_member_id FOREIGN KEY(member_id) REFERENCES member (id)
)
 STRICT;

CREATE INDEX ix_wake_member_member_id ON wake_member (member_id);

CREATE INDEX ix_shop_order_bought ON shop_order (counts, member_id, biz_date DESC, amount_fen, freight_fen);

CREATE INDEX ix_membership_joined ON membership (group_id, joined_on);

CREATE INDEX ix_enrolment_best ON enrolment (challenge_id, best, member_id);

INSERT INTO buyer (id, first_on, last_on, orders, days, net_fen)
    SELECT member_id, min(biz_date), max(biz_date), count(*), count(DISTINCT biz_date), sum(gross - back) FROM (
        SELECT member_id, biz_date, amount_fen - iif((
            SELECT json_extract(value, '$') FROM rule_change WHERE rule_id = 'order.freight' ORDER BY id DESC LIMIT 1
        ) = 'out', freight_fen, 0) AS gross, coalesce(
            (SELECT sum(amount_fen) FROM order_refund WHERE order_id = o.id), 0) AS back
        FROM shop_order AS o WHERE counts = 1 AND member_id IS NOT NULL ORDER BY member_id
    ) WHERE NOT (back > 0 AND back >= gross) GROUP BY member_id;

