-- Puts servers unless a later generation of them is here, and tells everybody.
-- KEYS: for each server its key, then those of its secrets.
-- ARGV: the channel, how long keys are kept in milliseconds; for each server its id, generation, record
-- and the number of its secrets.
local key, latest = 1, 0
for at = 3, #ARGV, 4 do
    local id, generation, record, secrets = ARGV[at], tonumber(ARGV[at + 1]), ARGV[at + 2], tonumber(ARGV[at + 3])
    local kept = tonumber(redis.call('HGET', KEYS[key], 'generation') or 0)
    if kept <= generation then
        redis.call('HSET', KEYS[key], 'generation', ARGV[at + 1], 'record', record)
        redis.call('PEXPIRE', KEYS[key], ARGV[2])
        for secret = key + 1, key + secrets do
            redis.call('SET', KEYS[secret], id, 'PX', ARGV[2])
        end
    end
    latest = math.max(latest, generation)
    key = key + 1 + secrets
end
redis.call('PUBLISH', ARGV[1], latest)
